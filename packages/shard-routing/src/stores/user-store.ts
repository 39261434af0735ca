import { type Selectable, sql } from 'kysely'
import type { ShardDatabase, ShardSchema } from '../shard-schema.ts'
import { type UserName, userKey } from './user-key.ts'
import type { WriteId } from './write-id.ts'

/** A user as their shard stores them. */
export interface User extends UserName {
  readonly key: bigint
  readonly profile: Readonly<Record<string, unknown>>
  /** 1 at first contact, one more with every update. */
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** The result of an update. `outdated`: the profile no longer has the expected version. */
export type UserUpdate =
  | { readonly status: 'updated'; readonly user: User }
  | { readonly status: 'repeated' | 'outdated' | 'unknown' }

/** The users of a shard. */
export interface UserStore {
  read(name: UserName): Promise<User | undefined>
  /** The user, made with `profile` if this is the first contact; of several at once one is the first. */
  meet(name: UserName, profile?: Readonly<Record<string, unknown>>): Promise<{ user: User; first: boolean }>
  /**
   * Replaces the profile, in one statement. With `expected` only if that is still its version; with `write`
   * only if that write has not been done before (`repeated`).
   */
  update(
    name: UserName,
    change: { profile: Readonly<Record<string, unknown>>; expected?: number; write?: WriteId },
  ): Promise<UserUpdate>
}

/** The users table of a shard: `db` is the shard of the user, or a transaction on it. */
export function createUserStore(db: ShardDatabase): UserStore {
  async function read(name: UserName): Promise<User | undefined> {
    const row = await db
      .selectFrom('users')
      .selectAll()
      .where('user_key', '=', userKey(name))
      .where('platform', '=', name.platform)
      .where('scope', '=', name.scope)
      .where('user_id', '=', name.user)
      .executeTakeFirst()
    return row && userOf(row)
  }

  return {
    read,

    async meet(name, profile = {}) {
      const known = await read(name)
      if (known !== undefined) return { user: known, first: false }
      const { platform, scope, user } = name
      const made = await db
        .insertInto('users')
        .values({ user_key: userKey(name), platform, scope, user_id: user, profile: JSON.stringify(profile) })
        .onConflict(oc => oc.doNothing())
        .returningAll()
        .executeTakeFirst()
      if (made !== undefined) return { user: userOf(made), first: true }
      const other = await read(name)
      // Users are never deleted by us; a bot that does so at this very moment has an update tried again.
      if (other === undefined) throw new Error('The user was deleted at first contact')
      return { user: other, first: false }
    },

    async update(name, { profile, expected, write }) {
      const key = userKey(name)
      const isUser = sql`user_key = ${key} and platform = ${name.platform} and scope = ${name.scope} and user_id = ${name.user}`
      const fits = expected === undefined ? sql`true` : sql`version = ${expected}`
      // The claim exists if and only if the change does: a second write waits for the row of the first.
      const claim = write
        ? sql`insert into once_results (user_key, update_id, name, result)
            select ${key}, ${write.update}, ${write.name}, 'null' from target where ${fits}
            on conflict do nothing returning true`
        : sql`select true from target where ${fits}`
      const done = write
        ? sql`exists (select from once_results where user_key = ${key} and update_id = ${write.update} and name = ${write.name})`
        : sql`false`
      const { rows } = await sql<
        Partial<Selectable<ShardSchema['users']>> & { known: boolean; done: boolean }
      >`
        with target as (select version from users where ${isUser} for update),
        claim as (${claim}),
        changed as (
          update users set profile = ${JSON.stringify(profile)}, version = version + 1,
            update_id = ${write?.update ?? null}, updated_at = now()
          where ${isUser} and exists (select from claim) returning *
        )
        select changed.*, exists (select from target) as known, ${done} as done
        from (select) as one left join changed on true`.execute(db)
      const row = rows[0]
      if (row?.version != null)
        return { status: 'updated', user: userOf(row as Selectable<ShardSchema['users']>) }
      if (!row?.known) return { status: 'unknown' }
      return { status: row.done || expected === undefined ? 'repeated' : 'outdated' }
    },
  }
}

function userOf(row: Selectable<ShardSchema['users']>): User {
  return {
    key: row.user_key,
    platform: row.platform as User['platform'],
    scope: row.scope,
    user: row.user_id,
    profile: row.profile,
    version: Number(row.version),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
