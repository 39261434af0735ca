import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { migrateControl } from '@botyard/control-database'
import { createShardStore } from '@botyard/control-database/shards'
import { coreMigrations, createFirstMap, migrateShards } from '@botyard/shard-routing/migrations'
import { startMoves } from '@botyard/shard-routing/moves'
import { startPostgres, startRedis, type TestPostgres, type TestRedis } from '@botyard/testkit'
import { commands } from '../cli/commands.ts'
import { runCommand } from '../cli/run-command.ts'
import { build, codeOf, keyring, openDatabase, openRedis, silent, tokenOf } from './helper.ts'

let postgres: TestPostgres
let server: TestRedis
before(async () => {
  ;[postgres, server] = await Promise.all([
    startPostgres({ settings: { wal_level: 'logical' } }),
    startRedis(),
  ])
})
after(() => Promise.all([postgres.stop(), server.stop()]))

const half = String(2n ** 62n)
const end = String(2n ** 63n)

test('the command line adds a shard, splits another one onto it and follows the move; every change is in the audit log', async t => {
  const { app, call, url } = await setUp(t)
  const botyard = await commandLine(t, app)

  const added = await botyard(['shards', 'add', 'shard-2', '--host', url])
  const moved = await botyard(['shards', 'split', 'shard-1', 'shard-2', '--wait'])

  assert.equal(added.code, 0, added.text)
  assert.match(added.text, /^shard-2 is registered\. Run the bots' migrations/)
  assert.equal(moved.code, 0, moved.text)
  // Which steps the looks hit is chance: cli/move.test.ts has the lines of each.
  assert.match(moved.text, /^[0-9a-f]{10} running: \w+/)
  assert.match(
    moved.text,
    /[0-9a-f]{10} done, writes paused for \d+ ms, 0 rows compared, 0 rows deleted at the source$/,
  )
  const listed = await botyard(['shards', 'list'])
  assert.match(listed.text, new RegExp(`^shard-1 +50\\.0 % +127\\.0\\.0\\.1:\\d+ +0…${half}$`, 'm'))
  assert.match(listed.text, new RegExp(`^shard-2 +50\\.0 % +127\\.0\\.0\\.1:\\d+ +${half}…${end}$`, 'm'))
  const moves = await botyard(['shards', 'moves'])
  assert.match(moves.text, /^shard-1 → shard-2 {2}[0-9a-f]{10} done/)
  const late = await botyard(['shards', 'cancel', moves.text.match(/[0-9a-f]{10}/)![0]])
  assert.equal(late.code, 1)
  assert.match(late.text, /is not running: it is done \[ADM_MOVE_STATE\]$/)
  const { entries } = (await call('GET', '/audit-log')).body as {
    entries: { action: string; target: string }[]
  }
  assert.deepEqual(
    entries.toReversed().map(entry => entry.action),
    ['shard.add', 'shard.move'],
  )
})

test('a move is begun, cancelled and begun anew by owners only, and no answer holds a password', async t => {
  const { call, url, events, logText } = await setUp(t, { runs: false })
  const secret = new URL(url)
  secret.password = 'hunter2'
  const add = await call('POST', '/shards', { id: 'shard-2', hosts: [secret.href] })
  const body = { source: 'shard-1', target: 'shard-2', split: true }

  for (const role of ['viewer', 'operator'] as const) {
    const refused = await call('POST', '/shards/moves', body, role)
    assert.deepEqual([refused.status, codeOf(refused)], [403, 'ADM_ROLE_INSUFFICIENT'])
  }
  const begun = await call('POST', '/shards/moves', body)
  const move = begun.body as { id: string; from: string; to: string; state: string; step: string }
  assert.deepEqual(
    [begun.status, move.state, move.step, move.from, move.to],
    [202, 'running', 'check', half, end],
  )
  const again = await call('POST', '/shards/moves', body)
  assert.deepEqual([again.status, codeOf(again)], [409, 'ADM_MOVE_CONFLICT'])
  const cancelled = await call('POST', `/shards/moves/${move.id}/cancel`)
  assert.deepEqual([cancelled.status, (cancelled.body as { state: string }).state], [202, 'cancelling'])
  const early = await call('POST', `/shards/moves/${move.id}/resume`)
  assert.deepEqual([early.status, codeOf(early)], [409, 'ADM_MOVE_STATE'])

  const seen = [
    await call('GET', '/shards', undefined, 'viewer'),
    await call('GET', '/shards/moves', undefined, 'viewer'),
    await call('GET', `/shards/moves/${move.id}`, undefined, 'viewer'),
    await call('GET', '/audit-log'),
  ]
  assert.deepEqual(
    seen.map(answer => answer.status),
    [200, 200, 200, 200],
  )
  assert.ok(!(JSON.stringify([add, begun, seen, events]) + logText()).includes('hunter2'))
})

test('what cannot be moved is refused with the reason', async t => {
  const { call, logText } = await setUp(t, { runs: false })
  const cases: [string, object, number, string, RegExp][] = [
    [
      '/shards/moves',
      { source: 'shard-1', target: 'shard-9' },
      409,
      'ADM_MOVE_REFUSED',
      /there is no shard shard-9/,
    ],
    ['/shards/moves', { source: 'shard-1' }, 400, 'ADM_INVALID_REQUEST', /target/],
    ['/shards/moves', { source: 'shard-1', target: 'shard-2', from: '-1' }, 400, 'ADM_INVALID_REQUEST', /./],
    ['/shards/moves/0123456789/cancel', {}, 404, 'ADM_UNKNOWN_MOVE', /There is no move "0123456789"/],
    [
      '/shards',
      { id: 'shard-3', hosts: ['postgres://postgres@127.0.0.1:1/none'] },
      409,
      'ADM_SHARD_REFUSED',
      /shard-3/,
    ],
    [
      '/shards',
      { id: 'shard-3', hosts: ['postgres://u:S3cr3t#x/y@127.0.0.1:1/s3'] },
      400,
      'ADM_INVALID_REQUEST',
      /^\/hosts\/0 holds a #: in user and password encode it as %23; expected: postgres:/,
    ],
    [
      '/shards',
      { id: 'shard-3', hosts: ['postgres://u@h/s3'], directHosts: ['postgres://u:S3cr3t@h1:1,h2:1/s3'] },
      400,
      'ADM_INVALID_REQUEST',
      /^\/directHosts\/0 names several hosts/,
    ],
  ]

  for (const [path, body, status, code, message] of cases) {
    const answer = await call('POST', path, body)
    assert.deepEqual([answer.status, codeOf(answer)], [status, code], path)
    assert.match((answer.body as { error: { message: string } }).error.message, message)
    assert.doesNotMatch(JSON.stringify(answer.body) + logText(), /S3cr3t/)
  }
})

/** An admin API with one shard that has all keys, and the url of an empty database for another. */
async function setUp(t: TestContext, { runs = true } = {}) {
  const db = openDatabase(t, await postgres.createDatabase())
  await migrateControl(db, silent)
  const shard = { id: 'shard-1', hosts: [await postgres.createDatabase()] }
  const shards = createShardStore(db, keyring)
  await shards.register(shard)
  await migrateShards({ shards: [shard], sets: [coreMigrations], control: db, logger: silent })
  await createFirstMap({ control: db, shards: [shard], logger: silent })
  const redis = openRedis(t, server.url)
  const runner = runs
    ? startMoves({ control: db, shards, redis, logger: silent }, { process: 'test' })
    : undefined
  const built = await build(t, { db, redis, onWake: () => runner?.wake() })
  if (runner) t.after(() => runner.close())
  return { ...built, url: await postgres.createDatabase() }
}

async function commandLine(t: TestContext, app: Awaited<ReturnType<typeof build>>['app']) {
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const env = { BOTYARD_ADMIN_URL: url, BOTYARD_ADMIN_TOKEN: tokenOf('owner'), BOTYARD_DIR: '/nonexistent' }
  return async (args: readonly string[]) => {
    const lines: string[] = []
    const say = (text: string) => void lines.push(text)
    const code = await runCommand(args, commands, { env, out: say, err: say })
    return { code, text: lines.join('\n') }
  }
}
