import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Epoch } from './epoch.ts'
import { freshId } from './fresh-id.ts'
import { acknowledgementChannel, noticeChannel } from './keys.ts'
import type { LeaseTimes } from './lease-times.ts'

/** What a process does with the changes that it hears of. */
export interface Listener {
  /** These names changed. */
  drop(names: readonly string[]): void
  /** Changes may have been missed: nothing known is good any more. */
  dropAll(): void
  /** This process's own member has applied all changes of the generation up to this one. */
  applied(generation: string, member: string, number: number): void
}

/**
 * A process's lease to serve what it has in memory. It is good only for one that has applied every change
 * that Redis knew of when the lease was granted; a writer waits for the acknowledgement of every member, or
 * until the leases that were granted before its change have ended. So a reader that finds the lease good
 * finds in memory nothing whose change a writer was told is done.
 */
export class Membership {
  readonly #redis: Redis
  readonly #subscriber: Redis
  readonly #epoch: Epoch
  readonly #times: LeaseTimes
  readonly #listener: Listener
  readonly #logger: Logger
  readonly #namespace: string
  readonly #channel: string
  readonly #timer: NodeJS.Timeout
  /** Another one at each joining: a member that was forgotten must not stand for two lives. */
  #member = freshId()
  #generation = ''
  #joinedAt = 0
  #applied = 0
  /** Heard of before the answer to the joining came. */
  #heard: { generation: string; number: number } | undefined
  #leaseEnd = 0
  /** The same by the wall clock: the monotonic one stands still while a machine is suspended. */
  #leaseEndWall = 0
  /** A lease that was granted, and is good from when this change has been applied. */
  #promised: { number: number; end: number; endWall: number } | undefined
  #subscribed = false
  #renewing = false
  #owed = new Set<string>()
  #acknowledging = false
  #closed = false

  constructor(options: {
    redis: Redis
    subscriber: Redis
    epoch: Epoch
    namespace: string
    times: LeaseTimes
    listener: Listener
    logger: Logger
  }) {
    this.#redis = options.redis
    this.#subscriber = options.subscriber
    this.#epoch = options.epoch
    this.#times = options.times
    this.#listener = options.listener
    this.#logger = options.logger
    this.#namespace = options.namespace
    this.#channel = noticeChannel(options.namespace)
    this.#subscriber.on('message', this.#onMessage)
    this.#subscriber.on('ready', this.#onConnected)
    this.#subscriber.on('close', this.#onDisconnected)
    if (this.#subscriber.status === 'ready') this.#onConnected()
    this.#epoch.onBegin(() => this.#renew())
    this.#timer = setInterval(() => this.#renew(), this.#times.renewMs)
  }

  /** Whether what is in memory may be served; `now` is `performance.now()`, asked after the reader asked. */
  leased(now: number): boolean {
    return now < this.#leaseEnd && Date.now() < this.#leaseEndWall
  }

  /** Whether changes are followed, so that what is loaded from now on may be kept in memory. */
  get joined(): boolean {
    return this.#generation !== ''
  }

  /** Whether `member` is this process now. */
  isSelf(member: string): boolean {
    return member === this.#member
  }

  /**
   * Since when this process has known a generation, by `performance.now()`; undefined if it has not joined
   * it.
   */
  knownSince(generation: string): number | undefined {
    return generation === this.#generation ? this.#joinedAt : undefined
  }

  /** Serves nothing any more, then tells the others that they need not wait. */
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    this.#subscriber.off('message', this.#onMessage)
    this.#subscriber.off('ready', this.#onConnected)
    this.#subscriber.off('close', this.#onDisconnected)
    const keys = this.#epoch.current
    const member = this.#member
    this.#forget()
    await Promise.allSettled([
      keys && this.#redis.cacheLeave(1, keys.state, member),
      this.#subscriber.status === 'ready' && this.#subscriber.unsubscribe(this.#channel),
    ])
  }

  #onConnected = () => {
    this.#subscriber.subscribe(this.#channel).then(
      () => {
        this.#subscribed = true
        this.#renew()
      },
      err => this.#logger.warn({ err }, 'cache changes not subscribed, nothing is served from memory'),
    )
  }

  /** Its lease is not renewed: a process that hears nothing would only hold the writers up. */
  #onDisconnected = () => {
    this.#subscribed = false
  }

  #onMessage = (channel: string, message: string) => {
    if (channel !== this.#channel) return
    try {
      this.#takeNotice(message)
    } catch (err) {
      this.#logger.error({ err }, 'cache change not readable, everything is dropped')
      // Never throws: it forgets.
      this.#listener.dropAll()
    }
  }

  #takeNotice(message: string): void {
    const [generation, text, writer, names] = message.split(' ') as [string, string, string, string]
    const number = Number(text)
    if (generation !== this.#generation) {
      this.#heard = { generation, number }
      return
    }
    if (number > this.#applied) {
      if (number === this.#applied + 1) this.#listener.drop(names.split(','))
      else this.#listener.dropAll()
      this.#setApplied(number)
    }
    this.#owed.add(writer)
    this.#acknowledge()
  }

  #setApplied(number: number): void {
    this.#applied = number
    if (this.#promised !== undefined && this.#promised.number <= number) {
      this.#extend(this.#promised.end, this.#promised.endWall)
      this.#promised = undefined
    }
    this.#listener.applied(this.#generation, this.#member, number)
  }

  #extend(end: number, endWall: number): void {
    if (this.#closed) return
    this.#leaseEnd = end
    this.#leaseEndWall = endWall
  }

  /** One at a time; a member that was forgotten joins at once. Redis away: the lease ends by itself. */
  #renew(): void {
    if (this.#renewing) return
    this.#renewing = true
    // Never rejects: what fails is an answer.
    void this.#ask()
      .catch(() => 'away' as const)
      .then(answer => {
        this.#renewing = false
        if (answer === 'forgotten') this.#renew()
      })
  }

  async #ask(): Promise<'forgotten' | 'renewed' | 'away'> {
    const keys = this.#epoch.current
    if (this.#closed || !this.#subscribed || keys === undefined) return 'away'
    // Before it is sent: the lease must not last longer here than others think.
    const sentAt = performance.now()
    const sentAtWall = Date.now()
    const generation = this.#generation
    const settles = generation !== '' && sentAt - this.#joinedAt > this.#times.waitMs ? 1 : 0
    const [now, number, renewed] = await this.#redis.cacheRenew(
      ...([1, keys.state, freshId(), this.#member, generation, this.#applied, settles] as const),
    )
    if (this.#closed || keys !== this.#epoch.current || generation !== this.#generation) return 'away'
    if (renewed === 0) {
      this.#forget()
      return 'forgotten'
    }
    if (generation === '') this.#join(now, number)
    this.#promise(number, sentAt + this.#times.leaseMs, sentAtWall + this.#times.leaseMs)
    return 'renewed'
  }

  #join(generation: string, number: number): void {
    this.#listener.dropAll()
    this.#generation = generation
    // When the answer came: the generation began before.
    this.#joinedAt = performance.now()
    this.#applied = this.#heard?.generation === generation ? Math.max(number, this.#heard.number) : number
    this.#heard = undefined
  }

  #promise(number: number, end: number, endWall: number): void {
    if (number > this.#applied && this.#promised !== undefined) {
      // A whole renewal ago there were changes that have not come yet: they will not.
      this.#listener.dropAll()
      this.#promised = undefined
      this.#setApplied(number)
    }
    if (number <= this.#applied) this.#extend(end, endWall)
    else this.#promised = { number, end, endWall }
  }

  #forget(): void {
    this.#leaseEnd = 0
    this.#generation = ''
    this.#promised = undefined
    this.#owed.clear()
    this.#member = freshId()
    this.#listener.dropAll()
  }

  /** One at a time, for all that came meanwhile. */
  #acknowledge(): void {
    const keys = this.#epoch.current
    if (this.#acknowledging || this.#owed.size === 0 || keys === undefined) return
    this.#acknowledging = true
    const generation = this.#generation
    const channels = [...this.#owed].map(writer => acknowledgementChannel(this.#namespace, writer))
    this.#owed.clear()
    this.#redis
      .cacheAcknowledge(1, keys.state, this.#member, generation, this.#applied, ...channels)
      .then(
        known => {
          if (known === 0 && generation === this.#generation && !this.#closed) {
            this.#forget()
            this.#renew()
          }
        },
        () => {
          // The next renewal says it, or the lease ends.
        },
      )
      .finally(() => {
        this.#acknowledging = false
        this.#acknowledge()
      })
  }
}
