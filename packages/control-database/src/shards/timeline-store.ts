import { sql } from 'kysely'
import type { ControlDatabase } from '../database/control-database.ts'
import type { TimelineMemory } from './timeline-memory.ts'

/**
 * The shard_timelines table: a process that starts while only an old primary answers must know that it is
 * old.
 */
export function createTimelineStore(db: ControlDatabase): TimelineMemory {
  return {
    async highest(shard, system) {
      const row = await db
        .selectFrom('shard_timelines')
        .select('timeline')
        .where('shard', '=', shard)
        .where('system', '=', system)
        .executeTakeFirst()
      return row?.timeline ?? 0
    },

    async raise(shard, system, timeline) {
      await db
        .insertInto('shard_timelines')
        .values({ shard, system, timeline })
        .onConflict(oc =>
          oc
            .columns(['shard', 'system'])
            .doUpdateSet({ timeline: sql<number>`greatest(shard_timelines.timeline, excluded.timeline)` }),
        )
        .execute()
    },
  }
}
