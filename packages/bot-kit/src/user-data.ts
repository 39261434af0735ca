import type { Kysely, Transaction } from 'kysely'
import type { BotTypes, ProfileOf, SessionOf, TablesOf } from './bot-types.ts'

/**
 * The user of an update, and what the bot keeps of them. Everything of it throws `NoUserError` where an
 * update has no user.
 */
export interface BotUser<Profile = ProfileOf<BotTypes>> {
  /** Where the user lives: the `user_key` of their rows in the bot's own tables. */
  readonly key: bigint
  /**
   * The platform's own id; put it in the primary key of your tables too, because two users may share a key.
   */
  readonly id: string
  /**
   * The user's profile, frozen; at first contact the user is made, and it is `{}`. Kept in memory, and never
   * old.
   */
  get(): Promise<Readonly<Partial<Profile>>>
  /**
   * Sets properties of the profile (those that are `undefined` are removed) and answers the whole. A function
   * is given the profile of now, and again if somebody else changed it meanwhile: it must do nothing but
   * return. When this resolves, no process serves the old profile any more. Done once, however often the
   * update is tried: a later run is answered the profile of now.
   *
   * ```ts
   * const { visits } = await ctx.user.update(({ visits = 0 }) => ({ visits: visits + 1 }))
   * ```
   */
  update(
    patch: Partial<Profile> | ((profile: Readonly<Partial<Profile>>) => Partial<Profile>),
  ): Promise<Readonly<Partial<Profile>>>
}

/**
 * What a dialogue needs for minutes: of this user in this conversation (without a user, of the conversation).
 */
export interface Session<Value = unknown> {
  /** `undefined` if there is none, or it lay untouched for longer than `SESSION_TTL_MS`. */
  get(): Promise<Value | undefined>
  /** Replaces it: any JSON. */
  set(value: Value): Promise<void>
  clear(): Promise<void>
}

/** Durable values by name, any JSON. A change is done once, however often the update is tried. */
export interface StateValues {
  get<T = unknown>(name: string): Promise<T | undefined>
  set(name: string, value: unknown): Promise<void>
  /**
   * Replaces a value by what `change` makes of it (nothing, if that is `undefined`), and answers that. It is
   * called again if somebody else changed it meanwhile: it must do nothing but return.
   */
  update<T = unknown>(name: string, change: (value: T | undefined) => T | undefined): Promise<T | undefined>
  delete(name: string): Promise<void>
}

/** Durable values of the update's user and of its conversation. */
export interface State {
  /** Throws `NoUserError` where the update has none. */
  readonly user: StateValues
  readonly conversation: StateValues
}

/**
 * Results of a bot's commands, for all of its users: in the memory of the worker, and in Redis for the
 * others.
 */
export interface CommandCache {
  /**
   * What `load` answered less than `ttl` ms ago, frozen, otherwise what it answers now; many who ask at once
   * share one call. The key is the bot's alone. The result must be JSON; `undefined` is not kept.
   *
   * ```ts
   * const rates = await ctx.cache.remember('rates', { ttl: 60_000 }, () => bank.rates(ctx.signal))
   * ```
   */
  remember<T>(key: string, options: { readonly ttl: number }, load: () => T | Promise<T>): Promise<T>
  /** When this resolves, no worker serves what it had of the key any more. */
  forget(key: string): Promise<void>
}

/**
 * What a bot remembers. Whatever of it is not used costs nothing. Errors of a database or a Redis that is
 * away are best let pass: the update is tried again later, no try counts, and `onError` is not asked.
 */
export interface UserData<T extends BotTypes = BotTypes> {
  readonly user: BotUser<ProfileOf<T>>
  readonly session: Session<SessionOf<T>>
  readonly state: State
  /**
   * The bot's own tables ({@link BotParts.migrations}) on the shard of the user; throws `NoUserError` without
   * one. Give rows `ctx.user.key` as `user_key`, and ask for those of that key.
   */
  readonly db: Kysely<TablesOf<T>>
  /**
   * A transaction on the user's shard. It may be run again if it was rolled back, and in a second run of the
   * update it is done anew: for what must be done once there is {@link onceInDb}.
   */
  transaction<R>(work: (trx: Transaction<TablesOf<T>>) => Promise<R>): Promise<R>
  /**
   * Like `ctx.once`, but exactly once: the result is stored in the transaction that `step` writes in, so they
   * exist together or not at all. A later run of the update is answered the result and writes nothing.
   * Nothing else (no call, no reply) belongs in `step`: it may be run again after a rollback.
   *
   * ```ts
   * const points = await ctx.onceInDb('score', async trx => {
   *   await trx.insertInto('quiz_scores').values({ user_key: ctx.user.key, quiz, points: 5 }).execute()
   *   return 5
   * })
   * ```
   */
  onceInDb<R>(name: string, step: (trx: Transaction<TablesOf<T>>) => R | Promise<R>): Promise<R>
  readonly cache: CommandCache
}
