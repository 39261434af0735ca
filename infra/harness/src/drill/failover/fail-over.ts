import { setTimeout as delay } from 'node:timers/promises'
import type { PostgresPair, TestProcess } from '@botyard/testkit'
import { followedAfterMs } from './followed.ts'
import type { Writers } from './writers.ts'

/** How one failover went; times by `performance.now()`. */
export interface Failover {
  readonly shard: string
  readonly fault: 'killed' | 'frozen'
  readonly fromMs: number
  readonly promotedAtMs: number
  /**
   * The longest that any worker took to turn to the new primary, from the promotion, in ms; `undefined` if
   * one did not.
   */
  readonly followedMs: number | undefined
  /** When the first update written after the fault was answered; `undefined` if none was in time. */
  readonly servedAtMs: number | undefined
}

/** Longer than any failover takes, in ms. */
const patienceMs = 60_000

/**
 * Kills or freezes the primary of a shard, promotes its standby after `detectMs`, and waits until its users
 * are served again.
 */
export async function failOver(
  {
    shard,
    pair,
    writers,
    workers,
  }: { shard: string; pair: PostgresPair; writers: Writers; workers: readonly TestProcess[] },
  fault: 'killed' | 'frozen',
  detectMs: number,
): Promise<Failover> {
  const fromMs = performance.now()
  await (fault === 'killed' ? pair.primary.kill() : pair.primary.freeze())
  const faultAtMs = performance.now()
  await delay(detectMs)
  await pair.promote()
  const promotedAtMs = performance.now()
  const promotedAt = Date.now()
  const served = () =>
    Math.min(
      ...writers.written.flatMap(one =>
        one.shard === shard && one.writtenAtMs > faultAtMs && one.answeredAtMs !== undefined
          ? [one.answeredAtMs]
          : [],
      ),
    )
  while (served() === Number.POSITIVE_INFINITY && performance.now() - promotedAtMs < patienceMs)
    await delay(20)
  const servedAtMs = Number.isFinite(served()) ? served() : undefined
  const followedMs = followedAfterMs(workers, shard, promotedAt)
  return { shard, fault, fromMs, promotedAtMs, followedMs, servedAtMs }
}
