import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { ControlDatabase } from '@botyard/control-database'
import { lockUntilCommit } from '@botyard/control-database/advisory-locks'
import { createShardStore, type Shard } from '@botyard/control-database/shards'
import { controlDatabases, keyring, logger } from '@botyard/control-database/testing'
import { startFaultyLink, until } from '@botyard/testkit'
import { sql } from 'kysely'
import { ownedRanges } from '../src/fence/change-owned-ranges.ts'
import { createFirstMap } from '../src/map/create-first-map.ts'
import { evenRanges } from '../src/map/shard-map.ts'
import { createShardMapStore } from '../src/map/shard-map-store.ts'
import { coreMigrations, migrateShards } from '../src/migrations/migrate-shards.ts'
import type { OwnedMigrations, ShardMigration } from '../src/migrations/migration.ts'
import { shardMigrations } from '../src/migrations/shard-migrations.ts'
import { createShardPool } from '../src/pool/shard-pool.ts'
import type { ShardDatabase } from '../src/shard-schema.ts'

const databases = controlDatabases()

test('all shards are migrated side by side, once each, however many processes start it', async t => {
  const { control, shards, db } = await setUp(t, 2)
  const migrate = () => migrateShards({ shards, sets: [coreMigrations], control, logger })

  const runs = await Promise.all([migrate(), migrate(), migrate()])

  for (const shard of shards) {
    const steps = runs.flatMap(run => run.filter(report => report.shard === shard.id))
    const applied = steps.flatMap(report => (report.status === 'migrated' ? report.applied : []))
    assert.deepEqual(applied, ['botyard/1-users', 'botyard/2-move-marks'])
    assert.ok(steps.every(report => report.status !== 'failed'))
    const rows = await db(shard.id).selectFrom('schema_migrations').select(['owner', 'version']).execute()
    assert.deepEqual(rows, [
      { owner: 'botyard', version: 1 },
      { owner: 'botyard', version: 2 },
    ])
  }
  assert.deepEqual(
    (await migrate()).map(report => report.status),
    ['current', 'current'],
  )
})

test('a shard whose host answers late is waited for', async t => {
  const { control, shards } = await setUp(t, 1)
  const [{ id, hosts }] = shards as [Shard]
  const link = await startFaultyLink(Number(new URL(hosts[0]!).port))
  t.after(() => link.close())
  link.refuse()

  const migrated = migrateShards({
    ...{ shards: [{ id, hosts: [link.url(hosts[0]!)] }], sets: [coreMigrations], control, logger },
  })
  // Two tries each half a second: longer than workers wait for a primary.
  await Promise.race([migrated, until(() => link.refused >= 8)])
  link.heal()

  assert.deepEqual(
    (await migrated).map(report => report.status),
    ['migrated'],
  )
})

test('shard migrations are numbered from 1 without gaps', () => {
  assert.deepEqual(
    shardMigrations.map(migration => migration.version),
    shardMigrations.map((_, index) => index + 1),
  )
})

test('a dry run says what is pending and changes nothing', async t => {
  const { control, shards, db } = await setUp(t, 1)

  const reports = await migrateShards({ shards, sets: [coreMigrations], control, logger, dryRun: true })

  assert.deepEqual(reports, [
    { shard: 'shard-1', status: 'pending', pending: ['botyard/1-users', 'botyard/2-move-marks'] },
  ])
  const { rows } = await sql`select from pg_class where relnamespace = 'public'::regnamespace`.execute(
    db('shard-1'),
  )
  assert.deepEqual(rows, [])
})

test('a shard that is away is reported and holds up no other; a repeat goes on from where a step failed', async t => {
  const { control, shards, db } = await setUp(t, 1)
  const gone: Shard = { id: 'gone', hosts: ['postgres://postgres@127.0.0.1:1/none'] }
  let broken = true
  const quiz = bot('quiz', scores, {
    version: 2,
    name: 'more',
    async up(trx) {
      await sql`alter table scores add column level int`.execute(trx)
      if (broken) throw new Error('half way')
    },
  })
  const migrate = () =>
    migrateShards({ shards: [gone, ...shards], sets: [coreMigrations, quiz], control, logger })

  const [away, half] = await migrate()
  broken = false
  const [, whole] = await migrate()

  assert.equal(away?.status, 'failed')
  assert.equal(half?.status, 'failed')
  assert.deepEqual(half?.status === 'failed' && half.applied, [
    'botyard/1-users',
    'botyard/2-move-marks',
    'bot:quiz/1-scores',
  ])
  assert.deepEqual(whole, { shard: 'shard-1', status: 'migrated', applied: ['bot:quiz/2-more'] })
  await assert.rejects(sql`insert into scores values (1, 'a', 2, 3)`.execute(db('shard-1')), {
    code: 'BY001',
  })
})

test("a bot's table that could not follow its users to another shard is refused, and nothing of its step stays", async t => {
  const { control, shards, db } = await setUp(t, 1)
  const refused = {
    'has no column user_key': sql`create table scores (id uuid primary key)`,
    'must be bigint': sql`create table scores (user_key int primary key)`,
    'in its primary key': sql`create table scores (user_key bigint not null, id uuid primary key)`,
    'by a sequence': sql`create table scores (user_key bigint, id bigint generated always as identity, primary key (user_key, id))`,
    'replica identity': sql`create table scores (user_key bigint primary key); alter table scores replica identity full`,
  }

  for (const [problem, statement] of Object.entries(refused)) {
    const quiz = bot('quiz', {
      version: 1,
      name: 'scores',
      up: async trx => void (await statement.execute(trx)),
    })
    const [report] = await migrateShards({ shards, sets: [coreMigrations, quiz], control, logger })
    const { code, message } = (report?.status === 'failed' ? report.error : {}) as {
      code?: string
      message: string
    }
    assert.equal(code, 'SHD_TABLE_REFUSED', problem)
    assert.match(message, new RegExp(problem))
  }

  const { rows } = await sql`select from pg_class where relname = 'scores'`.execute(db('shard-1'))
  assert.deepEqual(rows, [])
})

test("an operator's own tables beside ours are left alone", async t => {
  const { control, shards, db } = await setUp(t, 1)
  await sql`create table notes (id int primary key)`.execute(db('shard-1'))

  const [report] = await migrateShards({
    shards,
    sets: [coreMigrations, bot('quiz', scores)],
    control,
    logger,
  })

  assert.equal(report?.status, 'migrated')
  await sql`insert into notes values (1)`.execute(db('shard-1'))
})

test('a shard that takes part in a move is not migrated until it has ended', async t => {
  const { control, shards } = await setUp(t, 2)
  const migrate = (sets: OwnedMigrations[]) => migrateShards({ shards, sets, control, logger })
  await migrate([coreMigrations])
  const move = { id: 'm1', source: 'shard-1', target: 'shard-2', from_key: '0', to_key: '10' }
  await control
    .insertInto('shard_moves')
    .values({ ...move, step: 'copy', state: 'running' })
    .execute()

  const during = await migrate([coreMigrations, bot('quiz', scores)])
  await control.updateTable('shard_moves').set({ state: 'done' }).execute()
  const after = await migrate([coreMigrations, bot('quiz', scores)])

  for (const report of during) {
    assert.equal(report.status === 'failed' && (report.error as { code?: string }).code, 'SHD_MOVE_RUNNING')
  }
  assert.deepEqual(
    after.map(report => report.status),
    ['migrated', 'migrated'],
  )
})

test('hosts that lead to the database of another shard are refused', async t => {
  const { control, shards } = await setUp(t, 1)
  await migrateShards({ shards, sets: [coreMigrations], control, logger })

  const [report] = await migrateShards({
    shards: [{ id: 'shard-9', hosts: shards[0]!.hosts }],
    sets: [coreMigrations],
    control,
    logger,
  })

  assert.equal(report?.status === 'failed' && (report.error as { code?: string }).code, 'SHD_WRONG_DATABASE')
})

test('the first map gives every shard its part, and is made once', async t => {
  const { control, shards, db } = await setUp(t, 2)
  const store = createShardStore(control, keyring)
  for (const shard of shards) await store.register(shard)
  await migrateShards({ shards, sets: [coreMigrations], control, logger })

  const [one, two] = await Promise.all([
    createFirstMap({ control, shards, logger }),
    createFirstMap({ control, shards, logger }),
  ])

  assert.deepEqual(one, two)
  assert.deepEqual(one.ranges, evenRanges(['shard-1', 'shard-2']))
  assert.deepEqual(await createShardMapStore(control).current(), one)
  for (const { shard, from, to } of one.ranges) {
    assert.deepEqual(await ownedRanges(db(shard)), [{ from, to, state: 'owned', mapVersion: 0 }])
  }
})

test('the first map waits for another migrator, whatever the limit of a statement', async t => {
  const { control, shards } = await setUp(t, 1)
  await migrateShards({ shards, sets: [coreMigrations], control, logger })
  const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const other = control.transaction().execute(async trx => {
    await lockUntilCommit(trx, 'shardChanges')
    locked.resolve()
    await release.promise
  })
  await locked.promise
  const limited = <T>(ms: number, work: (trx: ControlDatabase) => Promise<T>) =>
    control.transaction().execute(async trx => {
      await sql`set local statement_timeout = ${sql.lit(ms)}`.execute(trx)
      return work(trx)
    })

  const creating = limited(50, trx => createFirstMap({ control: trx, shards, logger }))
  await assert.rejects(
    limited(300, trx => lockUntilCommit(trx, 'shardChanges')),
    /statement timeout/,
  )
  release.resolve()
  await other

  assert.deepEqual((await creating).ranges, evenRanges(['shard-1']))
})

const scores: ShardMigration = {
  version: 1,
  name: 'scores',
  async up(trx) {
    await trx.schema
      .createTable('scores')
      .addColumn('user_key', 'bigint', col => col.notNull())
      .addColumn('quiz', 'text', col => col.notNull())
      .addColumn('points', 'integer', col => col.notNull())
      .addPrimaryKeyConstraint('scores_pkey', ['user_key', 'quiz'])
      .execute()
  },
}

function bot(handler: string, ...migrations: ShardMigration[]): OwnedMigrations {
  return { owner: `bot:${handler}`, migrations }
}

async function setUp(t: TestContext, count: number) {
  const control = await databases.migrated(t)
  const shards: Shard[] = []
  for (let i = 1; i <= count; i++) shards.push({ id: `shard-${i}`, hosts: [await databases.create()] })
  const store = createShardStore(control, keyring)
  for (const shard of shards) await store.register(shard)
  const db = (id: string): ShardDatabase => {
    const pool = createShardPool({ id, hosts: shards.find(shard => shard.id === id)!.hosts, logger })
    t.after(() => pool.close())
    return pool.db
  }
  return { control, shards, db }
}
