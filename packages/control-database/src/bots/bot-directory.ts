import type { BotId } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { BotDirectoryUnavailableError } from '../errors.ts'
import { botBus } from '../notices/bot-bus.ts'
import { type BusFollower, followBus } from '../notices/follow-bus.ts'
import type { Bot } from './bot.ts'
import type { BotChanges } from './bot-changes.ts'
import type { BotStore } from './bot-store.ts'

/**
 * All bots in memory, kept up to date by notices and, for the notices that get lost, by asking the store
 * every second. While Redis or the control database is away it serves what it knows: intake must not stop for
 * either.
 */
export interface BotDirectory {
  /** Whether all bots have been loaded once. */
  readonly ready: boolean
  /** Resolves when `ready` becomes true. */
  whenReady(): Promise<void>
  /** A bot from memory. */
  get(id: BotId): Bot | undefined
  /** All bots from memory. */
  all(): Iterable<Bot>
  /**
   * A bot from memory; on a miss asks the store, one question at a time, and rejects (`CTL_UNAVAILABLE`) if
   * that is away, or if no key here opens the bot's credentials: it is not gone.
   */
  lookup(id: BotId): Promise<Bot | undefined>
  /**
   * Whether the bot exists but no key here opens its credentials. Its earlier credentials may still be
   * served.
   */
  isUnreadable(id: BotId): boolean
  /** Called whenever bots in memory changed. */
  onChange(listener: () => void): void
  /** Tries the unreadable credentials again: call it when a key has been added. */
  reread(): void
  /** Stops listening and gives its place up; the clients stay open, they are the caller's. */
  close(): Promise<void>
}

/** Starts a directory; it loads by itself, and keeps trying while the store or Redis is away. */
export function createBotDirectory(options: {
  store: BotStore
  /** A connection of its own: once subscribed it can do nothing else. */
  redis: Redis
  commands: Redis
  logger: Logger
  pollMs?: number
}): BotDirectory {
  return new LiveBotDirectory(options)
}

class LiveBotDirectory implements BotDirectory {
  readonly #store: BotStore
  readonly #logger: Logger
  readonly #follower: BusFollower
  readonly #bots = new Map<BotId, Bot>()
  readonly #unreadable = new Map<BotId, unknown>()
  readonly #loaded = Promise.withResolvers<void>()
  readonly #listeners: (() => void)[] = []
  #ready = false
  #applied = 0
  /** Calls of `reread` so far, and how many of them the last load of everything came after. */
  #rereads = 0
  #reread = 0

  constructor({ store, ...options }: Parameters<typeof createBotDirectory>[0]) {
    this.#store = store
    this.#logger = options.logger
    this.#follower = followBus({
      ...options,
      bus: botBus,
      applied: () => (this.#ready ? this.#applied : -1),
      catchUp: () => this.#catchUp(),
      lines: {
        unsubscribed: 'bot notices not subscribed, polling only',
        away: 'bots cannot be refreshed, serving those in memory',
        back: 'bots are refreshed again',
      },
    })
  }

  get ready(): boolean {
    return this.#ready
  }

  whenReady(): Promise<void> {
    return this.#loaded.promise
  }

  get(id: BotId): Bot | undefined {
    return this.#bots.get(id)
  }

  all(): Iterable<Bot> {
    return this.#bots.values()
  }

  async lookup(id: BotId): Promise<Bot | undefined> {
    const known = this.#bots.get(id)
    if (known) return known
    try {
      await this.#follower.refresh()
    } catch (cause) {
      throw new BotDirectoryUnavailableError(id, { cause })
    }
    const bot = this.#bots.get(id)
    if (!bot && this.#unreadable.has(id)) {
      throw new BotDirectoryUnavailableError(id, { cause: this.#unreadable.get(id) })
    }
    return bot
  }

  isUnreadable(id: BotId): boolean {
    return this.#unreadable.has(id)
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  reread(): void {
    if (this.#unreadable.size === 0) return
    this.#rereads++
    this.#follower.refreshSoon()
  }

  close(): Promise<void> {
    return this.#follower.close()
  }

  async #catchUp(): Promise<void> {
    const newest = await this.#store.lastChange()
    const rereads = this.#rereads
    const all = rereads !== this.#reread
    if (this.#ready && newest === this.#applied && !all) return
    // A lower number means a database restored from a backup: nothing known can be trusted.
    const restored = newest < this.#applied
    const changes = await this.#store.changesSince(restored || all ? 0 : this.#applied)
    if (restored) this.#bots.clear()
    if (restored || all) this.#unreadable.clear()
    this.#reread = rereads
    this.#take(changes)
    this.#ready = true
    this.#loaded.resolve()
    this.#follower.lease.beat()
  }

  #take({ change, bots, removed, unreadable }: BotChanges): void {
    for (const bot of bots) {
      this.#bots.set(bot.id, bot)
      this.#unreadable.delete(bot.id)
    }
    for (const id of removed) {
      this.#bots.delete(id)
      this.#unreadable.delete(id)
    }
    // The bot stays as it was: its earlier credentials may still be right, and no key here opens the new
    // ones.
    for (const { id, cause } of unreadable) {
      this.#unreadable.set(id, cause)
      this.#logger.error({ bot: id, err: cause }, 'credentials cannot be opened')
    }
    this.#applied = change
    for (const listener of this.#listeners) listener()
    if (bots.length + removed.length > 0)
      this.#logger.info({ change, changed: bots.length, removed: removed.length }, 'bots refreshed')
  }
}
