import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { startProcess } from '@botyard/testkit'
import { exampleBots, repository } from '../src/config.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const keys = JSON.stringify({ active: 'k1', keys: { k1: key } })
const sound = {
  PATH: process.env.PATH,
  PUBLIC_URL: 'http://127.0.0.1:8080',
  ...{ KEYRING: keys, JWT_KEYS: keys, NAMING_KEY: key },
  REDIS_URL: 'redis://127.0.0.1:1',
  CONTROL_DATABASE_URL: 'postgres://u@127.0.0.1:1/control',
  BOTS_DIR: exampleBots,
}

const programs = {
  gateway: 'apps/ingest-gateway/src/server.ts',
  worker: 'apps/worker/src/server.ts',
  admin: 'apps/admin/src/server.ts',
  migrate: 'apps/admin/src/migrate.ts',
  'migrate of the bots': 'apps/worker/src/migrate.ts',
}

/** `faults` is how many lines there are: one a fault. */
const cases: readonly [
  program: keyof typeof programs,
  env: NodeJS.ProcessEnv,
  line: RegExp,
  faults?: number,
][] = [
  ['gateway', { REDIS_URL: 'redis://:S3cr3t#x/y@127.0.0.1:6379' }, /^ {2}REDIS_URL holds a #: .*%23/],
  [
    'gateway',
    { CONTROL_DATABASE_URL: 'postgres://u:S3cr3t@h1:5432,h2:5432/c' },
    /^ {2}CONTROL_DATABASE_URL names several/,
  ],
  [
    'worker',
    { CACHE_REDIS_URL: 'redis://:100%zzS3cr3t@127.0.0.1:6379' },
    /^ {2}CACHE_REDIS_URL holds a %.*%25/,
  ],
  [
    'admin',
    { CONTROL_DATABASE_URL: 'postgres://botyard:S3cr3t#x@127.0.0.1:5432/c' },
    /^ {2}CONTROL_DATABASE_URL holds a #/,
  ],
  [
    'migrate',
    { SHARDS: '[{"id":"s1","hosts":["postgres://u@h/s1","postgres://u:S3cr3t#x/y@10.0.0.9:5432/s1"]}]' },
    /^ {2}SHARDS holds a #: .* at \/0\/hosts\/1/,
  ],
  // The comma makes two urls of it, neither of which can be read.
  ['migrate', { SHARD_DATABASE_URLS: 'postgres://u:S3cr3t,x@h/s1' }, /^ {2}SHARD_DATABASE_URLS .* at \/0/, 2],
  [
    'migrate of the bots',
    { CONTROL_DATABASE_URL: 'postgres://u:S3cr3t@h:5432' },
    /^ {2}CONTROL_DATABASE_URL names no database/,
  ],
]

for (const [program, env, line, faults = 1] of cases) {
  test(`${program} refuses a wrong ${Object.keys(env)[0]} with a line a fault and without its password: ${line.source}`, async () => {
    const app = await startProcess(join(repository, programs[program]), { env: { ...sound, ...env } })
    const { code } = await app.exited

    assert.equal(code, 78)
    assert.equal(app.lines[0], 'The configuration is invalid:')
    assert.match(app.lines[1] ?? '', line)
    assert.equal(app.lines.length, 1 + faults, app.lines.join('\n'))
    assert.doesNotMatch(app.lines.join(), /S3cr3t/)
  })
}
