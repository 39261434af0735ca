import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodeOptions, repository } from '@botyard/local-infra'
import { baseOf } from '../../src/prove/containers/base-image.ts'
import { apps } from '../../src/prove/containers/contained-system.ts'

test('every Dockerfile begins with the Node of the catalog', () => {
  const [, version] = /^ {2}node: (\S+)$/m.exec(read('pnpm-workspace.yaml')) ?? []

  for (const app of apps)
    assert.equal(baseOf(`infra/containers/${app}.Dockerfile`), `node:${version}-bookworm-slim`)
})

test('the Dockerfiles of the apps differ in what is the app’s own, and in nothing else', () => {
  const [first, ...others] = apps.map(app => commonPart(app))

  for (const other of others) assert.equal(other, first)
})

test('image, systemd and PM2 start an app with the options of Node that npm start gives it', () => {
  const pm2 = createRequire(import.meta.url)(join(repository, 'infra/pm2/ecosystem.config.cjs')) as {
    apps: { script: string; node_args?: string[] }[]
  }
  for (const app of apps) {
    const options = nodeOptions[app]
    const [, command = ''] = /^CMD (.*)$/m.exec(read(`infra/containers/${app}.Dockerfile`)) ?? []
    assert.deepEqual(JSON.parse(command), [...options, 'src/server.ts'])
    const unit = read(`infra/deploy/systemd/botyard-${app.replace('ingest-', '')}.service`)
    const started = ['ExecStart=/usr/bin/node', ...options, 'src/server.ts'].join(' ')
    assert.ok(unit.split('\n').includes(started), unit)
    const { node_args = [] } = pm2.apps.find(({ script }) => script.includes(`/${app}/`))!
    assert.deepEqual(node_args, options)
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
