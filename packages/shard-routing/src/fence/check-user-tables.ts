import { sql } from 'kysely'
import { UserTableError } from '../errors.ts'
import type { ShardDatabase } from '../shard-schema.ts'

/** A table as the catalogue of Postgres describes it. */
interface TableFacts {
  readonly name: string
  readonly keyType: string | null
  readonly keyInPrimaryKey: boolean
  readonly identity: string
  readonly fenced: boolean
  /** A column that is numbered by this database alone. */
  readonly sequence: string | null
}

/** The tables of the current schema by name; partitions are their parent's. */
export async function listTables(db: ShardDatabase): Promise<TableFacts[]> {
  const { rows } = await sql<TableFacts>`
    select c.relname as name,
      format_type(a.atttypid, a.atttypmod) as "keyType",
      coalesce(a.attnum = any(p.indkey), false) as "keyInPrimaryKey",
      c.relreplident as identity,
      exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'botyard_fence') as fenced,
      (select s.attname from pg_attribute s left join pg_attrdef d on d.adrelid = s.attrelid and d.adnum = s.attnum
        where s.attrelid = c.oid and s.attnum > 0 and not s.attisdropped
          and (s.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%') limit 1) as sequence
    from pg_class c
    left join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_key' and not a.attisdropped
    left join pg_index p on p.indrelid = c.oid and p.indisprimary
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname`.execute(db)
  return rows
}

/** Throws {@link UserTableError} unless a table's rows can follow their user to another shard. */
export function checkUserTable({ name, keyType, keyInPrimaryKey, identity, sequence }: TableFacts): void {
  if (keyType === null)
    throw new UserTableError(name, 'has no column user_key: every row must belong to a user')
  if (keyType !== 'bigint')
    throw new UserTableError(name, `has a user_key of type ${keyType}: it must be bigint`)
  if (!keyInPrimaryKey) throw new UserTableError(name, 'does not have user_key in its primary key')
  if (identity !== 'd') throw new UserTableError(name, 'must keep its primary key as replica identity')
  if (sequence !== null) {
    throw new UserTableError(
      name,
      `numbers its column ${sequence} by a sequence, which two shards would count alike`,
    )
  }
}
