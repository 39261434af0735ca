import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'

/**
 * What must be alike on both shards: per table its columns in their order and its primary key, and the
 * migrations taken.
 */
export async function describeSchema(db: ShardDatabase): Promise<Map<string, string>> {
  const { rows } = await sql<{ name: string; columns: string; key: string | null }>`
    select c.relname as name,
      (select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || a.attgenerated::text, ', ' order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      (select pg_get_constraintdef(p.oid) from pg_constraint p where p.conrelid = c.oid and p.contype = 'p') as key
    from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'botyard_fence')`.execute(
    db,
  )
  const tables = rows.map(({ name, columns, key }) => [`table ${name}`, `${columns}; ${key}`] as const)
  const migrations = await db
    .selectFrom('schema_migrations')
    .select(['owner', 'version'])
    .orderBy('owner')
    .orderBy('version')
    .execute()
  const steps = migrations.map(({ owner, version }) => [`migration ${owner}/${version}`, 'taken'] as const)
  const { rows: database } = await sql<{ encoding: string; schema: string }>`
    select current_setting('server_encoding') as encoding, current_schema() as schema`.execute(db)
  const settings = Object.entries(database[0]!)
  return new Map([...tables, ...steps, ...settings])
}

/** In which points two shards differ. */
export function differences(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter(point => a.get(point) !== b.get(point))
}
