import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodeOptions, repository } from '@botyard/local-infra'
import { needsTools } from '@botyard/testkit'
import { baseOf } from '../../src/prove/containers/base-image.ts'
import { apps } from '../../src/prove/containers/contained-system.ts'
import { neededTools } from '../../src/prove/containers/engine.ts'
import { runContainers } from '../../src/prove/containers/run-containers.ts'

const isRoot = process.getuid?.() === 0

test('the image of the gateway is built of what runs alone, stays small, and its container runs confined', {
  // `npm run prove -- containers` builds and runs them all.
  ...(isRoot ? needsTools(...neededTools) : { skip: 'debootstrap needs root' }),
  timeout: 400_000,
}, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'botyard-base-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))

  const { images, problems } = await runContainers({ apps: ['ingest-gateway'], folder }, line =>
    t.diagnostic(line),
  )

  assert.deepEqual(problems, [])
  assert.ok(
    images[0]!.packages.some(name => name.startsWith('fastify@')),
    'what it runs on was not seen',
  )
})

test('every Dockerfile begins with the Node of the catalog', () => {
  const [, version] = /^ {2}node: (\S+)$/m.exec(read('pnpm-workspace.yaml')) ?? []

  for (const app of apps)
    assert.equal(baseOf(`infra/containers/${app}.Dockerfile`), `node:${version}-bookworm-slim`)
})

test('the Dockerfiles of the apps differ in what is the app’s own, and in nothing else', () => {
  const [first, ...others] = apps.map(app => commonPart(app))

  for (const other of others) assert.equal(other, first)
})

test('an image starts its app with the options of Node that npm start gives it', () => {
  for (const app of apps) {
    const [, command = ''] = /^CMD (.*)$/m.exec(read(`infra/containers/${app}.Dockerfile`)) ?? []
    assert.deepEqual(JSON.parse(command), [...nodeOptions[app], 'src/server.ts'])
  }
})

/** A Dockerfile without the lines that name the app, its variables and its ports. */
function commonPart(app: string): string {
  const lines = read(`infra/containers/${app}.Dockerfile`).replaceAll(app, '<app>').split('\n').slice(1)
  return lines.filter(line => !/^(ENV \w+_HOST|EXPOSE|\s*CMD)/.test(line)).join('\n')
}

function read(file: string): string {
  return readFileSync(join(repository, file), 'utf8')
}
