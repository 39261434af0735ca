import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'

/** The SQLSTATE of a write to keys that are not this database's, or are being moved away. */
export const rangeMovedState = 'BY001'

/**
 * Creates the ranges that a shard owns and the function that guards them: `botyard_fence()` runs before every
 * write to a user table, locks the range of the key until the transaction ends, and refuses what is not
 * owned. So a range cannot be fenced while a transaction that wrote to it is open, and no write can begin
 * afterwards, no matter which map a client believes.
 *
 * Lockers of a row do not wait for each other, and under load there always is one: an update of the row would
 * wait for ever (docs/decisions/0011). So a change of ranges first announces itself in range_closings, which
 * turns new writes away at once. The order matters: a write that did not see the closing has its lock before
 * the change asks for its own, or waits and sees the change. In repeatable read, where it sees neither,
 * locking a changed row fails by itself (40001).
 */
export async function createFence(trx: ShardDatabase): Promise<void> {
  await trx.schema
    .createTable('owned_ranges')
    .addColumn('from_key', 'bigint', col => col.primaryKey())
    // One more than a bigint holds, where the range is the last.
    .addColumn('to_key', sql`numeric(20)`, col => col.notNull())
    .addColumn('state', 'text', col => col.notNull().check(sql`state in ('owned', 'fenced')`))
    .addColumn('map_version', 'bigint', col => col.notNull())
    .addCheckConstraint('owned_ranges_not_empty', sql`from_key < to_key`)
    .execute()
  await sql`alter table owned_ranges add constraint owned_ranges_apart
    exclude using gist (numrange(from_key, to_key) with &&)`.execute(trx)
  await trx.schema
    .createTable('range_closings')
    .addColumn('id', 'uuid', col => col.primaryKey().defaultTo(sql`gen_random_uuid()`))
    .addColumn('from_key', sql`numeric(20)`, col => col.notNull())
    .addColumn('to_key', sql`numeric(20)`, col => col.notNull())
    // A process that dies while it closes a range must not close it for good.
    .addColumn('until', 'timestamptz', col => col.notNull())
    .execute()
  const { rows } = await sql<{ schema: string }>`select quote_ident(current_schema()) as schema`.execute(trx)
  await sql.raw(fenceFunctions(rows[0]!.schema)).execute(trx)
}

/**
 * By full names: a session with another search_path is fenced too. No key in the messages: they end in logs.
 */
function fenceFunctions(schema: string): string {
  return `
create function ${schema}.botyard_require_owned(key bigint) returns void language plpgsql as $$
declare
  found_state text;
begin
  if exists (
    select from ${schema}.range_closings
    where from_key <= key and key < to_key and until > clock_timestamp()
  ) then
    raise exception 'writes to this range are closed for the moment' using errcode = '${rangeMovedState}';
  end if;
  select state into found_state from ${schema}.owned_ranges where from_key <= key and key < to_key for share;
  if found_state is distinct from 'owned' then
    raise exception 'this database does not own the range (%)', coalesce(found_state, 'not here')
      using errcode = '${rangeMovedState}';
  end if;
end $$;

create function ${schema}.botyard_fence() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    perform ${schema}.botyard_require_owned(old.user_key);
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  if tg_op = 'INSERT' or new.user_key <> old.user_key then
    perform ${schema}.botyard_require_owned(new.user_key);
  end if;
  return new;
end $$;`
}
