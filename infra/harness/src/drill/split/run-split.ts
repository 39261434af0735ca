import { setTimeout as delay } from 'node:timers/promises'
import { createShardStore } from '@botyard/control-database/shards'
import { createShardMapStore, createShardPool, shardOf, userKey } from '@botyard/shard-routing'
import { createMoveStore, moveSteps, type ShardMove } from '@botyard/shard-routing/moves'
import type { TestProcess } from '@botyard/testkit'
import { pino } from 'pino'
import { botyard } from '../../shared/botyard-cli.ts'
import type { LedgerReport } from '../../shared/report.ts'
import type { SplitOptions } from './options.ts'
import { type SplitSystem, startSplitSystem } from './split-system.ts'
import { nameOf, startWriters } from './writers.ts'

const logger = pino({ level: 'silent' })
const maxMs = 180_000
/** Places where the process that makes the move is killed, one after another. */
const deadly: readonly ShardMove['step'][] = ['copy', 'fence', 'delete', 'subscribe', 'rehearse', 'announce']

/**
 * Splits a shard under load by the command line while the admin apps that make the move are killed, and draws
 * up the account: every user's counter is what was acknowledged, on the shard that the map says and on no
 * other, and no read was older than that.
 */
export async function runSplit(options: SplitOptions, say: (line: string) => void): Promise<LedgerReport> {
  const { users, writers: processes, seconds, kills } = options
  await using stack = new AsyncDisposableStack()
  const system = stack.adopt(await startSplitSystem(), it => it.close())
  const admin = await system.startAdmin()
  const writers = await startWriters({ surroundings: system.surroundings, users, processes })
  stack.defer(async () => void (await writers.stop()))
  say(`${processes} processes write and read ${users} users on two shards`)
  await delay(seconds * 1000)

  const added = await botyard({ ...admin, token: system.token }, [
    'shards',
    'add',
    'shard-3',
    '--host',
    system.emptyUrl,
  ])
  say(`botyard shards add shard-3: ${JSON.stringify(added)}`)
  const begun = await botyard({ ...admin, token: system.token }, ['shards', 'split', 'shard-1', 'shard-3'])
  const { id } = begun as { id: string }
  say(`botyard shards split shard-1 shard-3: move ${id}`)
  const { move, killed } = await follow(system, { id, kills, admin: admin.process, say })
  await delay(seconds * 1000)

  const { summaries, problems } = await writers.stop()
  const acknowledged = new Map(
    summaries.flatMap(({ counters }) =>
      Object.entries(counters).map(([user, n]) => [Number(user), n] as const),
    ),
  )
  const found = await findCounters(system)
  const wrong = [...acknowledged].filter(([user, n]) => found.counters.get(user) !== n)
  const sum = (of: (summary: (typeof summaries)[number]) => number) =>
    summaries.reduce((all, each) => all + of(each), 0)
  const ledger = {
    'writes acknowledged': sum(each => each.writes),
    'reads checked': sum(each => each.reads),
    'users whose counter is not the acknowledged one': wrong.length,
    'users in two places, or where the map does not say': found.misplaced,
    'users on the new shard': found.perShard.get('shard-3') ?? 0,
    'admin apps killed during the move': killed,
    'seconds that the move took': ((move.endedAt!.getTime() - move.createdAt.getTime()) / 1000).toFixed(1),
    'writes paused at the switch, ms': move.counts.pauseMs ?? 'unknown',
    'writes paused at the rehearsal, ms': move.counts.rehearsalPauseMs ?? 'unknown',
    'longest write with all its repeats, ms': Math.max(0, ...summaries.map(each => each.longestMs)),
    'calls told to come again': sum(each => each.repeats),
    'rows compared': move.counts.rowsCompared ?? 0,
    'rows deleted at the source': move.counts.deletedRows ?? 0,
  }
  return {
    ledger,
    problems: [
      ...problems,
      ...summaries.flatMap(each => each.problems),
      ...wrong.map(
        ([user, n]) => `user ${user}: ${n} acknowledged, ${found.counters.get(user) ?? 'nothing'} stored`,
      ),
      ...(found.misplaced > 0
        ? [`${found.misplaced} users are in two places, or where the map does not say`]
        : []),
      ...(acknowledged.size < users ? [`only ${acknowledged.size} of ${users} users were ever written`] : []),
      ...(move.state === 'done' ? [] : [`the move ended as ${move.state}: ${move.error}`]),
      ...(killed < kills ? [`only ${killed} of ${kills} admin apps could be killed in time`] : []),
    ],
    facts: { move: { ...move, from: String(move.from), to: String(move.to) } },
  }
}

/**
 * Watches the move to its end; each process that makes it is killed at its place, and another one started.
 */
async function follow(
  system: SplitSystem,
  { id, kills, admin, say }: { id: string; kills: number; admin: TestProcess; say: (line: string) => void },
): Promise<{ move: ShardMove; killed: number }> {
  const moves = createMoveStore(system.db)
  const deadline = Date.now() + maxMs
  let running = admin
  let killed = 0
  let last = ''
  for (;;) {
    const move = await moves.get(id)
    if (move.step !== last) say(`  ${move.step}`)
    last = move.step
    if (move.endedAt !== null) return { move, killed }
    if (Date.now() > deadline) throw new Error(`The move has not ended: ${move.step}, ${move.error}`)
    if (
      killed < kills &&
      isDeadly(move.step, deadly[killed % deadly.length]!) &&
      move.runner?.includes(`/${running.pid}/`)
    ) {
      await running.kill()
      killed++
      say('  its admin app is killed; another one is started')
      running = (await system.startAdmin()).process
    }
    await delay(5)
  }
}

/** A step may be over before it is seen; then the next place where it is killed will do. */
function isDeadly(step: ShardMove['step'], wanted: ShardMove['step']): boolean {
  return deadly.includes(step) && moveSteps.indexOf(step) >= moveSteps.indexOf(wanted)
}

/** Every user's counter in the databases themselves. */
async function findCounters({ db, keyring }: SplitSystem) {
  const map = (await createShardMapStore(db).current())!
  const counters = new Map<number, number>()
  const perShard = new Map<string, number>()
  let misplaced = 0
  for (const { id, hosts } of await createShardStore(db, keyring).list()) {
    const pool = createShardPool({ id, hosts, logger })
    try {
      const rows = await pool.db.selectFrom('users').select(['user_key', 'user_id', 'profile']).execute()
      for (const { user_key, user_id, profile } of rows) {
        const user = Number(user_id)
        if (counters.has(user) || shardOf(map, user_key) !== id || userKey(nameOf(user)) !== user_key)
          misplaced++
        counters.set(user, profile.n)
      }
      perShard.set(id, rows.length)
    } finally {
      await pool.close()
    }
  }
  return { counters, perShard, misplaced }
}
