import { setTimeout as delay } from 'node:timers/promises'
import type { PostgresNode } from '@botyard/testkit'
import { startBotApi } from '../../shared/bot-api.ts'
import { startLateness } from '../../shared/lateness.ts'
import { type ReplyTimes, renderReplyTimes } from '../../shared/reply-times.ts'
import type { LedgerReport } from '../../shared/report.ts'
import { renderMs } from '../../shared/statistics.ts'
import { waitWhileItMoves } from '../../shared/wait.ts'
import { checkShards } from './check-shards.ts'
import { type Failover, failOver } from './fail-over.ts'
import { type FailingSystem, startFailingSystem } from './failing-system.ts'
import type { FailoverOptions } from './options.ts'
import { timesOfReplies } from './times-of-replies.ts'
import { startWriters, type Writers } from './writers.ts'

/** Without an answer for so long, an update counts as lost, in ms. */
const patienceMs = 30_000

/**
 * Two failovers under load, one of a killed and one of a frozen primary, each followed by the return of the
 * old one, and a worker that starts while it is back. Every update that the mailbox accepted must be answered
 * once, and written once.
 */
export async function runFailover(
  options: FailoverOptions,
  say: (line: string) => void,
): Promise<LedgerReport> {
  const { updates, users, seconds, detect } = options
  let writers: Writers | undefined
  const platform = await startBotApi(({ text }) => void writers?.hear(text))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => platform.close())
  const system = stack.adopt(await startFailingSystem({ ...options, apiRoot: platform.url }), it =>
    it.close(),
  )
  say(
    `${system.shards.size} shards and ${options.workers} workers run; people write ${updates} updates a second`,
  )
  writers = startWriters(system, { perSecond: updates, usersOnEach: users })
  stack.defer(() => writers?.stop())
  const { written } = writers
  const pause = () => delay(seconds * 1000)

  await warmUp()
  const lateness = startLateness()
  stack.defer(() => void lateness.stop())
  const calm = { fromMs: performance.now(), toMs: 0 }
  await pause()
  calm.toMs = performance.now()

  const [killed, frozen] = [...system.shards.keys()] as [string, string]
  const one = await failAndReturn(killed, 'killed')
  await system.replaceWorker()
  say('a worker ends, and the one that starts in its place finds the old primary beside the new one')
  await warmUp()
  const two = await failAndReturn(frozen, 'frozen')
  await writers.stop()
  await waitWhileItMoves(() => openOf(written), { isDone: open => open === 0, patienceMs })

  const before = timesOfReplies(written, calm)
  const { p99Ms: lateMs } = lateness.stop()
  const failovers = [one, two].map(failover => judge(failover, written, before))
  const primaries = new Map(
    [...system.shards].map(([id, pair]) => [id, primaryOf(id, pair.primary, pair.standby)]),
  )
  const accepted = written.filter(it => it.acceptedAtMs !== undefined)
  const answered = accepted.filter(it => it.answeredAtMs !== undefined).length
  const check = await checkShards(primaries, accepted)
  const strays = await straysOn([killed, frozen], system)
  const counted = { accepted: accepted.length, answered, ...check, strays, answersDoubled: writers.doubled }

  return {
    ledger: {
      'updates accepted': counted.accepted,
      'updates not taken by the mailbox': writers.refusals.length,
      'updates answered': answered,
      'updates lost': counted.accepted - answered,
      'updates missing on the shards': check.missing,
      'updates written twice': check.doubled,
      'users whose counter is wrong': check.wrongCounters,
      'users whose profile is wrong': check.wrongProfiles,
      'answers doubled': writers.doubled,
      'writes on an old primary that came back': strays,
      'this process was late, p99': `${lateMs} ms`,
      'replies before': renderReplyTimes(before),
      ...Object.assign({}, ...failovers.map(it => it.ledger)),
    },
    problems: [...problemsOf(counted), ...failovers.flatMap(it => it.problemsAbove(options.slowest))],
    facts: { failovers: failovers.map(({ facts }) => facts) },
  }

  /**
   * Processes that have just started are slow, and gather what waits: what is timed must not be about that.
   */
  async function warmUp(): Promise<void> {
    await pause()
    const from = written.length
    while (!written.slice(from).some(one => one.answeredAtMs !== undefined) || openOf(written) > updates / 4)
      await delay(20)
  }

  async function failAndReturn(shard: string, fault: Failover['fault']): Promise<Failover> {
    const pair = system.shards.get(shard)!
    say(`the primary of ${shard} is ${fault}; its standby is promoted ${detect} s later`)
    const failover = await failOver(
      { shard, pair, writers: writers!, workers: system.workers },
      fault,
      detect * 1000,
    )
    await pause()
    say(`the old primary of ${shard} comes back, and takes writes`)
    // One that was frozen goes on where it was, and waits for its standby; it must not wait to prove
    // anything.
    if (fault === 'frozen') await pair.primary.kill()
    await pair.startRogue()
    await pair.primary.sql('CREATE TABLE written_after_its_return AS SELECT count(*) AS n FROM drill_updates')
    await pause()
    return failover
  }

  function primaryOf(id: string, first: PostgresNode, second: PostgresNode): PostgresNode {
    return id === killed || id === frozen ? second : first
  }
}

/** Rows that somebody wrote to an old primary after its return. */
async function straysOn(shards: readonly string[], system: FailingSystem): Promise<number> {
  let strays = 0
  for (const shard of shards) {
    const [row] = (await system.shards
      .get(shard)!
      .primary.sql(
        'SELECT ((SELECT count(*) FROM drill_updates) - (SELECT n FROM written_after_its_return))::int AS strays',
      )) as { strays: number }[]
    strays += row?.strays ?? 0
  }
  return strays
}

/** Accepted, and not answered yet. */
function openOf(written: Writers['written']): number {
  return written.filter(one => one.acceptedAtMs !== undefined && one.answeredAtMs === undefined).length
}

/** The times of one failover: of its shard, and of everybody else meanwhile. */
function judge(failover: Failover, written: Writers['written'], before: ReplyTimes) {
  const { shard, fault, fromMs, promotedAtMs, followedMs, servedAtMs } = failover
  const toMs = servedAtMs ?? performance.now()
  const others = timesOfReplies(written, { fromMs, toMs }, id => id !== shard)
  const recoveryMs = Math.round(toMs - fromMs)
  const afterPromotionMs = Math.round(toMs - promotedAtMs)
  const name = `${shard} ${fault}`
  return {
    facts: { shard, fault, recoveryMs, afterPromotionMs, followedMs, others },
    ledger: {
      [`${name}: all workers followed the promotion after`]: `${followedMs ?? '-'} ms`,
      [`${name}: served again after`]: `${recoveryMs} ms, ${afterPromotionMs} ms after the promotion`,
      [`${name}: replies of other shards meanwhile`]: renderReplyTimes(others),
    },
    problemsAbove: (slowestMs: number) => [
      ...(servedAtMs === undefined ? [`${shard} was not served again`] : []),
      ...(followedMs === undefined ? [`a worker did not follow the promotion in ${shard}`] : []),
      // On a busy machine all are slow, with a fault or without.
      ...((others.p99 ?? 0) > Math.max(slowestMs, 2 * (before.p99 ?? 0))
        ? [`users of other shards waited while ${name}: p99 ${renderMs(others.p99)}`]
        : []),
    ],
  }
}

function problemsOf(counted: Readonly<Record<string, number>>): string[] {
  const {
    accepted = 0,
    answered = 0,
    missing,
    doubled,
    wrongCounters,
    wrongProfiles,
    answersDoubled,
    strays,
  } = counted
  const faults = {
    'updates were lost': accepted - answered,
    'updates are on no shard': missing,
    'updates were written twice': doubled,
    'counters are wrong': wrongCounters,
    'profiles are wrong': wrongProfiles,
    'answers came twice': answersDoubled,
    'updates were written to an old primary': strays,
  }
  const found = Object.entries(faults).filter(([, n]) => n !== 0)
  return [...(accepted === 0 ? ['no update was accepted'] : []), ...found.map(([what, n]) => `${n} ${what}`)]
}
