import { randomBytes } from 'node:crypto'
import { type Keyring, KeyringError } from '@botyard/service-kit'
import type { Redis } from 'ioredis'
import type { Epoch } from './epoch.ts'
import type { CacheKeys } from './keys.ts'

/** Leave to store what is loaded now: the tokens that must stand unbroken when it is there. */
export interface Leave {
  readonly keys: CacheKeys
  readonly token: Buffer
  readonly tagTokens: readonly Buffer[]
}

/** What Redis has of an entry. `json` is '' where there is nothing, and that is remembered. */
export type Found =
  | {
      readonly outcome: 'hit'
      readonly json: string
      readonly endsAt: number
      readonly tags: readonly string[]
    }
  | { readonly outcome: 'load' | 'stale'; readonly leave: Leave }
  | { readonly outcome: 'wait'; readonly ms: number }
  | { readonly outcome: 'none' | 'away' | 'unreadable' }

/** What became of a value that was loaded. */
export type Filled = 'stored' | 'there' | 'stale' | 'away'

/** A loader has that long before others load too, in ms; long enough for most, short enough if it died. */
const aloneMs = 1_000

/** A load that takes longer than this is not kept, in ms. */
const tokenMs = 60_000

/** Redis has that long to answer a read, in ms: after that the source is the faster one. */
const answerMs = 250

/** And is left alone for that long after it did not, in ms. */
const restMs = 500

/**
 * Values in Redis: sealed, under keyed names, good as long as nothing has changed. While Redis is away every
 * answer is `away`.
 */
export class RedisTier {
  readonly #redis: Redis
  readonly #epoch: Epoch
  readonly #keyring: Pick<Keyring, 'seal' | 'open'>
  readonly #namespace: string
  readonly #token = randomBytes(16)
  #tokens = 0
  #restUntil = 0

  constructor(options: {
    redis: Redis
    epoch: Epoch
    keyring: Pick<Keyring, 'seal' | 'open'>
    namespace: string
  }) {
    this.#redis = options.redis
    this.#epoch = options.epoch
    this.#keyring = options.keyring
    this.#namespace = options.namespace
  }

  /** Asks for the entry of a keyed name; `tags` are keyed names too. Without `load` it only looks. */
  async read(name: string, tags: readonly string[], load: boolean): Promise<Found> {
    const keys = this.#keys()
    if (keys === undefined) return { outcome: 'away' }
    const sentAt = performance.now()
    const answer = await this.#inTime(
      this.#redis.cacheReadBuffer(
        1 + tags.length,
        keys.entry(name),
        ...tags.map(tag => keys.tags + tag),
        ...[load ? this.freshToken() : '', aloneMs, tokenMs, keys.tags],
      ),
    )
    if (answer === undefined || keys !== this.#epoch.current) return { outcome: 'away' }
    const [outcome, first, ...rest] = answer
    switch (outcome.toString('latin1')) {
      case 'hit':
        return this.#open(name, first as Buffer, sentAt + Number(rest[0]), rest.slice(1).map(String))
      case 'load': {
        const [token, ...tagTokens] = rest as Buffer[]
        return { outcome: first === 1 ? 'stale' : 'load', leave: { keys, token: token!, tagTokens } }
      }
      case 'wait':
        return { outcome: 'wait', ms: Number(first) }
      default:
        return { outcome: 'none' }
    }
  }

  /** Stores a value with the leave that was got before it was loaded. */
  async fill(
    name: string,
    tags: readonly string[],
    leave: Leave,
    json: string,
    ttlMs: number,
  ): Promise<Filled> {
    const { keys, token, tagTokens } = leave
    if (keys !== this.#keys()) return 'away'
    const filled = await this.#inTime(
      this.#redis.cacheFill(
        1 + tags.length,
        keys.entry(name),
        ...tags.map(tag => keys.tags + tag),
        ...[token, this.seal(name, json), ttlMs],
        ...tags.flatMap((tag, i) => [tag, tagTokens[i]!]),
      ),
    )
    return filled === undefined || keys !== this.#epoch.current ? 'away' : filled
  }

  /** The load failed: the others need not wait for it. Not awaited, and lost while Redis is away. */
  release(name: string, { keys, token }: Leave): void {
    if (keys !== this.#keys()) return
    // Never rejects: whatever fails is the answer undefined.
    void this.#inTime(this.#redis.cacheFill(1, keys.entry(name), '', token, 0))
  }

  /** A value as it lies in Redis; nobody can move it to another entry. */
  seal(name: string, json: string): Buffer {
    return this.#keyring.seal(Buffer.from(json), this.#context(name))
  }

  /** 16 bytes that no process ever uses again. */
  freshToken(): Buffer {
    const token = Buffer.from(this.#token)
    token.writeUIntBE(++this.#tokens, 10, 6)
    return token
  }

  #open(name: string, body: Buffer, endsAt: number, tags: readonly string[]): Found {
    try {
      return { outcome: 'hit', json: this.#keyring.open(body, this.#context(name)).toString(), endsAt, tags }
    } catch (error) {
      // A key that this process has not got yet, or no longer: the source has the value too.
      if (error instanceof KeyringError) return { outcome: 'unreadable' }
      throw error
    }
  }

  #context(name: string): string {
    return `cache\0${this.#namespace}\0${name}`
  }

  #keys(): CacheKeys | undefined {
    return performance.now() < this.#restUntil ? undefined : this.#epoch.current
  }

  /** The answer, or undefined: Redis is away, or so slow that it had better be left alone. */
  async #inTime<T extends object | string>(answer: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>(resolve => {
      // One more turn for an answer that is here already: it may be this process that was slow.
      timer = setTimeout(() => setImmediate(resolve, undefined), answerMs)
    })
    try {
      const first = await Promise.race([answer, late])
      if (first === undefined) this.#restUntil = performance.now() + restMs
      return first
    } catch {
      // Its client has logged it.
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }
}
