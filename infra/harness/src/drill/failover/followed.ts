import type { TestProcess } from '@botyard/testkit'

/**
 * How long after `sinceMs` (Unix) every worker that runs had turned to the new primary of a shard, in ms, by
 * its own log; `undefined` if one has not.
 */
export function followedAfterMs(
  workers: readonly TestProcess[],
  shard: string,
  sinceMs: number,
): number | undefined {
  const times = workers.filter(worker => worker.running).map(worker => foundAtMs(worker, shard))
  return times.some(time => time === undefined) ? undefined : Math.max(...times.map(time => time! - sinceMs))
}

/** The last time that it found a primary. */
function foundAtMs({ lines }: TestProcess, shard: string): number | undefined {
  const line = lines.findLast(
    one =>
      one.includes(`"shard":"${shard}"`) &&
      /"msg":"(primary of the shard found|shard has a primary again)"/.test(one),
  )
  return line === undefined
    ? undefined
    : new Date((JSON.parse(line) as { time: string | number }).time).getTime()
}
