import { type BotUser, NoUserError, type State, type UserData } from '@botyard/bot-kit'
import type { Cache, Sessions } from '@botyard/cache'
import type { Bot, BotDirectory } from '@botyard/control-database'
import type { InboundUpdate } from '@botyard/queue-contracts'
import type { Naming } from '@botyard/service-kit'
import { type Shards, type UserName, userKey } from '@botyard/shard-routing'
import { BotGoneError } from '../errors.ts'
import type { CountWrite } from './data-metrics.ts'
import { createOnceInDb } from './once-in-db.ts'
import { createProfile } from './profile.ts'
import { createStateValues } from './state-values.ts'
import { createWriteNames } from './write-names.ts'

/** Where all that bots remember is kept. */
export interface UserDataDeps {
  readonly bots: Pick<BotDirectory, 'get'>
  readonly userShards: Pick<Shards, 'forUser' | 'transaction'>
  readonly caches: { readonly profiles: Cache; readonly results: Cache }
  readonly sessions: Sessions
  readonly naming: Pick<Naming, 'user' | 'conversation'>
  /** How long a profile is cached, in ms. */
  readonly profileTtlMs: number
  readonly count: CountWrite
}

/** What the data is of: one run of a bot on an update. */
export interface UserDataOf {
  readonly bot: Pick<Bot, 'id' | 'uid' | 'settings'>
  readonly update: InboundUpdate
  /** The update's keyed name. */
  readonly hash: Buffer
  readonly signal: AbortSignal
}

/** Opens what a bot remembers, for one run. */
export type OpenData = (of: UserDataOf) => UserData

/** Makes the opener; nothing is read or asked before a bot uses it. */
export function createOpenData(deps: UserDataDeps): OpenData {
  return of => openUserData(deps, of)
}

function openUserData(deps: UserDataDeps, { bot, update, hash, signal }: UserDataOf): UserData {
  const { bots, userShards, caches, sessions, naming, profileTtlMs, count } = deps
  const { platform, conversation } = update
  const scope = bot.settings.userScope ?? bot.uid
  const writes = createWriteNames(hash)

  const nameOf = lazy((): UserName => {
    if (update.user === undefined) throw new NoUserError('What you asked for')
    return { platform, scope, user: update.user }
  })
  const key = lazy(() => userKey(nameOf()))
  const db = lazy(() => userShards.forUser(key()))

  const user = lazy((): BotUser => {
    const profile = createProfile({
      db: db(),
      cache: caches.profiles,
      name: nameOf(),
      ttlMs: profileTtlMs,
      writes,
      count,
    })
    return { key: key(), id: nameOf().user, get: profile.get, update: whileHeld(profile.update) }
  })
  const userState = lazy(() => {
    // The scope stands in clear, so that what belongs to a removed bot can be found and erased.
    const owner = `${scope}/${naming.user(scope, platform, nameOf().user)}`
    return held(createStateValues({ db: db(), key: key(), owner, of: 'user', writes, count }))
  })
  // On one shard, whichever member of the conversation writes: in most private chats on the user's, as the
  // ids are the same there.
  const conversationState = lazy(() => {
    const key = userKey({ platform, scope: bot.uid, user: conversation })
    const owner = naming.conversation(bot.uid, platform, conversation)
    return held(
      createStateValues({ db: userShards.forUser(key), key, owner, of: 'conversation', writes, count }),
    )
  })
  const onceInDb = lazy(() => createOnceInDb({ shards: userShards, key: key(), writes, count }))
  const session = JSON.stringify([bot.uid, platform, conversation, update.user])

  /**
   * A handler that has lost the conversation, or was told to end, writes nothing more: another one may have
   * gone on. The same holds once its bot is removed: what it knew may have been erased.
   */
  function whileHeld<A extends unknown[], R>(write: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
    return async (...args) => {
      signal.throwIfAborted()
      requireBot()
      return await write(...args)
    }
  }
  /** A bot of the same id that was added later is another one. */
  function requireBot(): void {
    if (bots.get(bot.id)?.uid !== bot.uid) throw new BotGoneError(bot.id)
  }
  const held = (values: State['user']): State['user'] => ({
    get: values.get,
    set: whileHeld(values.set),
    update: whileHeld(values.update) as State['user']['update'],
    delete: whileHeld(values.delete),
  })

  // Whatever is done with it: it may be a write to a table of the bot's own.
  const dbOfBot = () => {
    requireBot()
    return db()
  }

  return new OpenedUserData(user, dbOfBot, {
    session: {
      get: () => sessions.get(session),
      set: whileHeld(value => sessions.set(session, value)),
      clear: whileHeld(() => sessions.delete(session)),
    },
    state: new OpenedState(userState, conversationState),
    transaction: whileHeld(work => userShards.transaction(key(), work)) as UserData['transaction'],
    onceInDb: whileHeld((name, step) => onceInDb()(name, step)) as UserData['onceInDb'],
    cache: {
      remember: (name, { ttl }, load) =>
        caches.results.remember(resultKey(bot.uid, name), { ttlMs: ttl }, load),
      forget: name => caches.results.invalidate({ keys: [resultKey(bot.uid, name)] }),
    },
  })
}

/** Classes, for the reason that `RunContext` is one: what has getters and is made for every update. */
class OpenedUserData implements UserData {
  readonly session: UserData['session']
  readonly state: State
  readonly transaction: UserData['transaction']
  readonly onceInDb: UserData['onceInDb']
  readonly cache: UserData['cache']
  readonly #user: () => BotUser
  readonly #db: () => UserData['db']

  constructor(user: () => BotUser, db: () => UserData['db'], rest: Omit<UserData, 'user' | 'db'>) {
    this.#user = user
    this.#db = db
    this.session = rest.session
    this.state = rest.state
    this.transaction = rest.transaction
    this.onceInDb = rest.onceInDb
    this.cache = rest.cache
  }

  get user() {
    return this.#user()
  }

  get db() {
    return this.#db()
  }
}

class OpenedState implements State {
  readonly #user: () => State['user']
  readonly #conversation: () => State['conversation']

  constructor(user: () => State['user'], conversation: () => State['conversation']) {
    this.#user = user
    this.#conversation = conversation
  }

  get user() {
    return this.#user()
  }

  get conversation() {
    return this.#conversation()
  }
}

function resultKey(bot: string, name: string): string {
  return JSON.stringify([bot, name])
}

function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
