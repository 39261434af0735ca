import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createControlDatabase, migrateControl } from '@botyard/control-database'
import { createShardStore } from '@botyard/control-database/shards'
import { createKeyring } from '@botyard/service-kit'
import { RangeMovedError, ShardUnavailableError } from '@botyard/shard-routing'
import { coreMigrations, createFirstMap, migrateShards } from '@botyard/shard-routing/migrations'
import { freePort, startPostgres, startProcess } from '@botyard/testkit'
import { pino } from 'pino'
import { rig, until } from '../helper.ts'

const logger = pino({ level: 'silent' })

test('an update whose shard is away or moving waits without losing a try, and other chats go on', async t => {
  const failures = [
    new ShardUnavailableError('shard-1', { reason: 'no-primary', afterMs: 20 }),
    new RangeMovedError('shard-1', 20),
    new ShardUnavailableError('shard-1', { reason: 'breaker-open', afterMs: 20 }),
  ]
  const attempts: number[] = []
  const { api, deliver, letters, start } = await rig(t, {
    shop: {
      settings: { tries: 1 },
      onMessage(ctx) {
        const failure = ctx.text === 'ada' ? failures.shift() : undefined
        if (ctx.text === 'ada') attempts.push(ctx.attempt)
        if (failure !== undefined) throw failure
        ctx.reply(ctx.text)
      },
    },
  })
  await start()

  await deliver(1, 'ada')
  await deliver(2, 'grace')
  await until(() => api.sent.length === 2)

  assert.deepEqual(api.sent.map(({ text }) => text).sort(), ['ada', 'grace'])
  assert.deepEqual(attempts, [1, 1, 1, 1])
  assert.deepEqual(letters, [])
})

test("a worker does not start before its bots' tables are on every shard, which its migrate.ts sees to", async t => {
  const { env, file } = await shards(t)
  const bot = `
    import { defineBot } from '@botyard/bot-kit'
    export default defineBot({
      migrations: [{
        version: 1,
        name: 'scores',
        up: db => db.schema.createTable('scores').addColumn('user_key', 'bigint', col => col.primaryKey()).execute(),
      }],
    })`
  await writeFile(join(env.BOTS_DIR, 'quiz.mjs'), bot)
  const run = async (name: string) => {
    const child = await startProcess(file(name), { env })
    t.after(() => child.kill())
    return child
  }

  const tooEarly = await run('server')
  assert.equal((await tooEarly.exited).code, 1)
  const said = tooEarly.lines.join('\n')
  assert.match(said, /SHD_SCHEMA_TOO_OLD/)
  assert.match(said, /bot:quiz, and this build needs 1: run the migrations \(npm run migrate-bots\)/)
  const migrated = await run('migrate')
  assert.equal((await migrated.exited).code, 0, migrated.lines.join('\n'))
  assert.ok(migrated.lines.some(line => line.includes('bot:quiz/1-scores')))
  const worker = await run('server')
  await worker.waitForLine('"msg":"ready"')
  assert.equal((await worker.kill('SIGTERM')).code, 0)
})

/**
 * A control database and one shard, migrated but for any bots' tables, and what a worker needs to find them.
 */
async function shards(t: TestContext) {
  const { server } = await rig(t, { echo: {} })
  const postgres = await startPostgres()
  t.after(() => postgres.stop())
  const keys = { active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }
  const url = await postgres.createDatabase()
  const control = createControlDatabase({ url, poolSize: 2, logger })
  await migrateControl(control, logger)
  const store = createShardStore(control, createKeyring(keys))
  await store.register({ id: 'shard-1', hosts: [await postgres.createDatabase()] })
  const all = await store.list()
  await migrateShards({ shards: all, sets: [coreMigrations], control, logger })
  await createFirstMap({ control, shards: all, logger })
  await control.destroy()
  const botsDir = await mkdtemp(join(tmpdir(), 'botyard-bots-'))
  t.after(() => rm(botsDir, { recursive: true, force: true }))
  return {
    file: (name: string) => new URL(`../../src/${name}.ts`, import.meta.url).pathname,
    env: {
      BOTS_DIR: botsDir,
      WORKER_OPS_HOST: '127.0.0.1',
      WORKER_OPS_PORT: String(await freePort()),
      REDIS_URL: server.url,
      CONTROL_DATABASE_URL: url,
      KEYRING: JSON.stringify(keys),
      NAMING_KEY: randomBytes(32).toString('base64'),
      DURABILITY: 'relaxed',
    },
  }
}
