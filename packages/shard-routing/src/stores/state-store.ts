import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'
import type { WriteId } from './write-id.ts'

/** A value with the version that an optimistic change names. */
export interface StateValue {
  readonly value: unknown
  /**
   * Above 0, and higher with every change, also when the value was deleted meanwhile: it begins at the time
   * in µs.
   */
  readonly version: number
}

/** The result of a change. `outdated`: the value no longer has the expected version. */
export type StateChange = { readonly status: 'changed' | 'repeated' | 'outdated' }

/** The conditions of a change. */
export interface StateChangeOptions {
  /** The version that must still stand; 0: there must be no value yet. */
  readonly expected?: number
  /** The change is skipped if this write has been done before. */
  readonly write?: WriteId
}

/** Durable values of one owner by name, JSON each. */
export interface StateStore {
  get(name: string): Promise<StateValue | undefined>
  set(name: string, value: unknown, options?: StateChangeOptions): Promise<StateChange>
  /** `changed` too if there was nothing to delete. */
  delete(name: string, options?: StateChangeOptions): Promise<StateChange>
}

/**
 * Values of `owner` (a user or a conversation, by a keyed name) on the shard of `key`; `db` is that shard, or
 * a transaction on it. A change is one statement.
 */
export function createStateStore(
  db: ShardDatabase,
  { key, owner }: { key: bigint; owner: string },
): StateStore {
  /**
   * Runs a change if the value is as expected and the write is not done yet; both hold until the change does.
   */
  async function change(
    db: ShardDatabase,
    name: string,
    { expected, write }: StateChangeOptions,
    statement: ReturnType<typeof sql>,
  ) {
    const fits =
      expected === undefined ? sql`true` : sql`coalesce((select version from target), 0) = ${expected}`
    const claim = write
      ? sql`insert into once_results (user_key, update_id, name, result)
          select ${key}, ${write.update}, ${write.name}, 'null' where ${fits}
          on conflict do nothing returning true`
      : sql`select true where ${fits}`
    const done = write
      ? sql`exists (select from once_results where user_key = ${key} and update_id = ${write.update} and name = ${write.name})`
      : sql`false`
    const { rows } = await sql<{ claimed: boolean; done: boolean; changed: boolean }>`
      with target as (
        select version from user_state where user_key = ${key} and owner = ${owner} and name = ${name} for update
      ),
      claim as (${claim}),
      change as (${statement})
      select exists (select from claim) as claimed, ${done} as done, exists (select from change) as changed`.execute(
      db,
    )
    return rows[0]!
  }

  return {
    async get(name) {
      const row = await db
        .selectFrom('user_state')
        .select(['value', 'version'])
        .where('user_key', '=', key)
        .where('owner', '=', owner)
        .where('name', '=', name)
        .executeTakeFirst()
      return row && { value: row.value, version: Number(row.version) }
    },

    async set(name, value, options = {}) {
      // A value that appears at the same time is not locked by `target`: `do update` looks at it again.
      const still = options.expected === undefined ? sql`true` : sql`user_state.version = ${options.expected}`
      // Begun at 1, a value that was deleted and set again would be taken for the one that was there before.
      const statement = sql`insert into user_state (user_key, owner, name, value, version, update_id)
          select ${key}, ${owner}, ${name}, ${JSON.stringify(value)}::jsonb,
            (extract(epoch from clock_timestamp()) * 1000000)::bigint, ${options.write?.update ?? null}::bytea
          where exists (select from claim)
          on conflict (user_key, owner, name) do update set value = excluded.value, version = user_state.version + 1,
            update_id = excluded.update_id, updated_at = now() where ${still}
          returning true`
      return inTransactionIf(options.expected === 0 && options.write !== undefined, db, async trx => {
        const result = await change(trx, name, options, statement)
        if (result.claimed && !result.changed) await withdraw(trx, key, options.write)
        return { status: statusOf(result, result.changed, options) }
      })
    },

    async delete(name, options = {}) {
      const result = await change(
        db,
        name,
        options,
        sql`delete from user_state where user_key = ${key} and owner = ${owner} and name = ${name}
          and exists (select from claim) returning true`,
      )
      return { status: statusOf(result, result.claimed, options) }
    },
  }
}

/**
 * A value that another write creates at the same moment cannot be locked before the claim, which is then
 * withdrawn.
 */
function inTransactionIf<T>(
  needed: boolean,
  db: ShardDatabase,
  work: (db: ShardDatabase) => Promise<T>,
): Promise<T> {
  return needed && !db.isTransaction ? db.transaction().execute(work) : work(db)
}

async function withdraw(trx: ShardDatabase, key: bigint, write: WriteId | undefined): Promise<void> {
  if (write === undefined) return
  await trx
    .deleteFrom('once_results')
    .where('user_key', '=', key)
    .where('update_id', '=', write.update)
    .where('name', '=', write.name)
    .execute()
}

/**
 * Without an expected version only a claim taken before can have stopped it, even one too young for `done` to
 * see.
 */
function statusOf(
  { claimed, done }: { claimed: boolean; done: boolean },
  changed: boolean,
  { expected }: StateChangeOptions,
): StateChange['status'] {
  if (changed) return 'changed'
  return !claimed && (done || expected === undefined) ? 'repeated' : 'outdated'
}
