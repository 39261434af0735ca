import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { repository } from '../../src/config.ts'
import { bundleLibraries, useBundles } from '../../src/tests/bundle-libraries.ts'

const program = `
  import { Type } from 'typebox'
  import { Check } from 'typebox/value'
  import { Redis } from 'ioredis'
  console.log(JSON.stringify({
    urls: ['typebox', 'typebox/value', 'ioredis', 'fastify'].map(name => import.meta.resolve(name)),
    redis: new Redis({ lazyConnect: true }).status,
    checks: [Check(Type.Object({ n: Type.Number() }), { n: 1 }), Check(Type.Object({ n: Type.Number() }), {})],
  }))
`

test('a process that uses the bundles reads a library from them, and everything else from where it is', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'botyard-bundles-'))
  t.after(() => rm(folder, { recursive: true }))
  const bundles = await bundleLibraries(folder, repository)

  const args = [`--import=${useBundles(bundles)}`, '--input-type=module', '--eval', program]
  const cwd = join(repository, 'packages', 'service-kit')
  const env = { ...process.env, NODE_OPTIONS: undefined }
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env })

  const { urls, redis, checks } = JSON.parse(stdout)
  const bundled = (path: string) => pathToFileURL(join(folder, path)).href
  assert.deepEqual(
    urls.slice(0, 3),
    ['typebox/index.mjs', 'typebox/value.mjs', 'ioredis/index.mjs'].map(bundled),
  )
  assert.match(urls[3], /node_modules\/fastify\//)
  assert.equal(redis, 'wait')
  assert.deepEqual(checks, [true, false])
})
