/** What `defineBot<…>` may be told of a bot's data, for the compiler alone; each part is optional. */
export interface BotTypes {
  /** What `ctx.user` keeps; every property may be absent. */
  readonly profile?: object
  /** What `ctx.session` keeps. */
  readonly session?: unknown
  /** The rows of the bot's own tables by the tables' names, as Kysely takes them. */
  readonly tables?: object
}

/** A user's profile as a bot names it; one that does not may keep what it likes. */
export type ProfileOf<T extends BotTypes> = T extends { readonly profile: infer P extends object }
  ? P
  : // biome-ignore lint/suspicious/noExplicitAny: the profile is the bot's.
    Record<string, any>

/** A session as a bot names it. */
export type SessionOf<T extends BotTypes> = T extends { readonly session: infer S } ? S : unknown

/** The tables of a bot; one that names none may use any. */
// biome-ignore lint/suspicious/noExplicitAny: the tables are the bot's.
export type TablesOf<T extends BotTypes> = T extends { readonly tables: infer D extends object } ? D : any
