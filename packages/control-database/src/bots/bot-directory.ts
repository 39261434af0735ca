import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { BotId } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { BotDirectoryUnavailableError } from '../errors.ts'
import { botBus } from '../notices/bot-bus.ts'
import { beat, leave } from '../notices/notice-bus.ts'
import type { Bot } from './bot.ts'
import type { BotChanges, BotStore } from './bot-store.ts'

/**
 * All bots in memory, kept up to date by notices and, for the notices that get lost, by asking the store every second.
 * While Redis or the control database is away it serves what it knows: intake must not stop for either.
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
   * A bot from memory; on a miss asks the store, one question at a time, and rejects (`CTL_UNAVAILABLE`) if that is away, or if no key
   * here opens the bot's credentials: it is not gone.
   */
  lookup(id: BotId): Promise<Bot | undefined>
  /** Whether there is such a bot whose credentials no key here opens. What they were before may still be served. */
  isUnreadable(id: BotId): boolean
  /** Tries again to open what could not be opened: a key has come. */
  reread(): void
  /** Stops listening and gives its place up; the clients stay open, they are the caller's. */
  close(): Promise<void>
}

const defaultPollMs = 1_000
/** A fifth of the lease. */
const beatMs = 1_000

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
  readonly #subscriber: Redis
  readonly #commands: Redis
  readonly #logger: Logger
  readonly #member = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`
  readonly #bots = new Map<BotId, Bot>()
  readonly #unreadable = new Map<BotId, unknown>()
  readonly #loaded = Promise.withResolvers<void>()
  readonly #beatTimer: NodeJS.Timeout
  readonly #pollTimer: NodeJS.Timeout
  #ready = false
  #closed = false
  #storeAway = false
  /** Calls of `reread` so far, and how many of them the last load of everything came after. */
  #rereads = 0
  #reread = 0
  #applied = 0
  /** The refresh that runs now or ran last, and the one that will follow it. */
  #last: Promise<unknown> = Promise.resolve()
  #next: Promise<void> | undefined
  #beating: Promise<void> | undefined
  #beatAgain = false

  constructor(options: { store: BotStore; redis: Redis; commands: Redis; logger: Logger; pollMs?: number }) {
    this.#store = options.store
    this.#subscriber = options.redis
    this.#commands = options.commands
    this.#logger = options.logger
    this.#subscriber.on('message', this.#onMessage)
    this.#subscriber.on('ready', this.#onConnected)
    this.#onConnected()
    // The lease stands before the first load: a change committed in between is waited for, not missed.
    this.#beat()
    this.#refreshSoon()
    this.#beatTimer = setInterval(() => this.#beat(), beatMs)
    this.#pollTimer = setInterval(() => this.#refreshSoon(), options.pollMs ?? defaultPollMs)
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
      await this.#refresh()
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

  reread(): void {
    if (this.#unreadable.size === 0) return
    this.#rereads++
    this.#refreshSoon()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#beatTimer)
    clearInterval(this.#pollTimer)
    this.#subscriber.off('message', this.#onMessage)
    this.#subscriber.off('ready', this.#onConnected)
    await Promise.allSettled([this.#last, this.#next, this.#beating])
    await leave(this.#commands, botBus, this.#member).catch(() => {
      // Redis is away: the lease ends by itself.
    })
  }

  #onMessage = (channel: string, change: string) => {
    if (channel === botBus.channel && Number(change) > this.#applied) this.#refreshSoon()
  }

  /** On every connection: notices sent while there was none are lost, so it asks at once. */
  #onConnected = () => {
    if (this.#subscriber.status !== 'ready') return
    this.#subscriber.subscribe(botBus.channel).then(
      () => this.#refreshSoon(),
      err => this.#logger.warn({ err }, 'bot notices not subscribed, polling only'),
    )
  }

  #refreshSoon(): void {
    this.#refresh().then(
      () => this.#storeAnswers(),
      err => this.#storeFails(err),
    )
  }

  /** Asks the store once more after now: who calls while a refresh runs shares the next, since the running one may have read too early. */
  #refresh(): Promise<void> {
    if (this.#closed) return Promise.resolve()
    this.#next ??= this.#last.then(
      () => this.#startNext(),
      () => this.#startNext(),
    )
    return this.#next
  }

  #startNext(): Promise<void> {
    const running = this.#catchUp()
    this.#last = running
    this.#next = undefined
    return running
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
    this.#beat()
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
    // What the row said before may still be right; what it says now nobody here can read.
    for (const { id, cause } of unreadable) {
      this.#unreadable.set(id, cause)
      this.#logger.error({ bot: id, err: cause }, 'credentials cannot be opened')
    }
    this.#applied = change
    if (bots.length + removed.length > 0)
      this.#logger.info({ change, changed: bots.length, removed: removed.length }, 'bots refreshed')
  }

  /**
   * Renews the lease and acknowledges, one beat at a time: a late one must not undo a newer one, nor `close`. Not awaited by
   * others: no refresh or lookup may wait for Redis.
   */
  #beat(): void {
    if (this.#closed) return
    if (this.#beating !== undefined) {
      this.#beatAgain = true
      return
    }
    this.#beatAgain = false
    this.#beating = beat(this.#commands, botBus, this.#member, this.#ready ? this.#applied : -1)
      .catch(() => {
        // Redis is away, which its client has logged: the next beat comes within a second.
      })
      .finally(() => {
        this.#beating = undefined
        if (this.#beatAgain) this.#beat()
      })
  }

  #storeAnswers(): void {
    if (!this.#storeAway) return
    this.#storeAway = false
    this.#logger.info('bots are refreshed again')
  }

  #storeFails(err: unknown): void {
    if (this.#storeAway || this.#closed) return
    this.#storeAway = true
    this.#logger.error({ err }, 'bots cannot be refreshed, serving those in memory')
  }
}
