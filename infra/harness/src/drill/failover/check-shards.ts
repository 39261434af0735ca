import type { PostgresNode } from '@botyard/testkit'
import type { Written } from './writers.ts'

/** What the shards say of the updates that were accepted. */
export interface ShardCheck {
  /** Updates that no shard has. */
  readonly missing: number
  /** Updates that were written more than once. */
  readonly doubled: number
  /** Users whose counter, or profile, is another number than their updates. */
  readonly wrongCounters: number
  readonly wrongProfiles: number
}

/** Compares what lies on the primaries that count now with what was accepted. */
export async function checkShards(
  primaries: ReadonlyMap<string, PostgresNode>,
  accepted: readonly Written[],
): Promise<ShardCheck> {
  const check = { missing: 0, doubled: 0, wrongCounters: 0, wrongProfiles: 0 }
  for (const [shard, primary] of primaries) {
    const said = Map.groupBy(
      accepted.filter(one => one.shard === shard),
      one => one.user,
    )
    const rows = (await primary.sql('SELECT user_id, said FROM drill_updates')) as {
      user_id: string
      said: string
    }[]
    const counters = (await primary.sql('SELECT user_id, n FROM drill_counters')) as {
      user_id: string
      n: number
    }[]
    const profiles = (await primary.sql(
      `SELECT user_key::text AS key, (profile->>'updates')::int AS n FROM users`,
    )) as { key: string; n: number }[]
    const times = new Map<string, number>()
    for (const row of rows) times.set(row.said, (times.get(row.said) ?? 0) + 1)
    const counterOf = new Map(counters.map(row => [row.user_id, row.n]))
    const profileOf = new Map(profiles.map(row => [row.key, row.n]))
    check.doubled += [...times.values()].filter(n => n > 1).length
    for (const [user, updates] of said) {
      check.missing += updates.filter(one => !times.has(one.said)).length
      if (counterOf.get(user) !== updates.length) check.wrongCounters++
      if (profileOf.get(String(updates[0]!.userKey)) !== updates.length) check.wrongProfiles++
    }
  }
  return check
}
