import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'

/** What a server says of itself and of our role on it. */
export interface ServerFacts {
  readonly walLevel: string
  readonly freeSlots: number
  readonly freeSenders: number
  readonly freeWorkers: number
  readonly syncWorkers: number
  readonly mayReplicate: boolean
  readonly maySubscribe: boolean
  readonly mayDelete: boolean
}

/** Asks a server for what a move needs of it. */
export async function serverFacts(db: ShardDatabase): Promise<ServerFacts> {
  const { rows } = await sql<ServerFacts>`
    select current_setting('wal_level') as "walLevel",
      (current_setting('max_replication_slots')::int - (select count(*) from pg_replication_slots))::int as "freeSlots",
      (current_setting('max_wal_senders')::int - (select count(*) from pg_stat_replication))::int as "freeSenders",
      (current_setting('max_logical_replication_workers')::int
        - (select count(*) from pg_stat_subscription where pid is not null))::int as "freeWorkers",
      current_setting('max_sync_workers_per_subscription')::int as "syncWorkers",
      rolsuper or rolreplication as "mayReplicate",
      rolsuper or pg_has_role(oid, 'pg_create_subscription', 'usage')
        and has_database_privilege(current_database(), 'create') as "maySubscribe",
      has_parameter_privilege('session_replication_role', 'set') as "mayDelete"
    from pg_roles where rolname = current_user`.execute(db)
  return rows[0]!
}

/**
 * What a source lacks. It needs one slot for the changes, and one for each table that is copied at the same
 * time.
 */
export function problemsOfSource(shard: string, facts: ServerFacts, syncWorkers: number): string[] {
  const needed = 1 + syncWorkers
  return [
    ...(facts.walLevel === 'logical'
      ? []
      : [`${shard} runs with wal_level=${facts.walLevel}: it must be logical`]),
    ...(facts.freeSlots >= needed
      ? []
      : [
          `${shard} has ${facts.freeSlots} free replication slots of the ${needed} needed: raise max_replication_slots`,
        ]),
    ...(facts.freeSenders >= needed
      ? []
      : [
          `${shard} has ${facts.freeSenders} free WAL senders of the ${needed} needed: raise max_wal_senders`,
        ]),
    ...(facts.mayReplicate ? [] : [`the role on ${shard} may not replicate: alter role … replication`]),
    ...(facts.mayDelete
      ? []
      : [`the role on ${shard} may not set session_replication_role: grant set on parameter`]),
  ]
}

/** What a target lacks. */
export function problemsOfTarget(shard: string, facts: ServerFacts): string[] {
  return [
    ...(facts.freeWorkers >= 2
      ? []
      : [
          `${shard} has ${facts.freeWorkers} free replication workers of the 2 needed: raise max_logical_replication_workers`,
        ]),
    ...(facts.maySubscribe
      ? []
      : [`the role on ${shard} may not subscribe: grant pg_create_subscription, and create on the database`]),
    ...(facts.mayDelete
      ? []
      : [`the role on ${shard} may not set session_replication_role: grant set on parameter`]),
  ]
}
