import { type Keyring, KeyringError, type Naming } from '@botyard/service-kit'
import type { Redis } from 'ioredis'
import { SessionsUnavailableError } from './errors.ts'
import { fromJson, toJson } from './json.ts'
import { sessionKey } from './keys.ts'

/**
 * Short-lived values of users or conversations, sealed in Redis under keyed names; each read or write starts
 * their time anew. Every method rejects with `SessionsUnavailableError` while Redis is away.
 */
export interface Sessions {
  /** The value, frozen; undefined if there is none, its time is over, or no key opens it any more. */
  get<T>(key: string): Promise<T | undefined>
  /** Keeps a JSON value; throws `NotJsonError`. `undefined` deletes. */
  set(key: string, value: unknown): Promise<void>
  delete(key: string): Promise<void>
}

/** Repeat after that, in ms. */
const afterMs = 1_000

/**
 * Opens the sessions; `redis` should fail fast while Redis is away. `ttlMs`: how long a session lives
 * untouched.
 */
export function createSessions(options: {
  redis: Redis
  keyring: Pick<Keyring, 'seal' | 'open'>
  naming: Pick<Naming, 'cache'>
  ttlMs: number
}): Sessions {
  const { redis, keyring, naming, ttlMs } = options
  const nameOf = (key: string) => naming.cache('sessions', 'key', key)

  return {
    async get<T>(key: string) {
      const name = nameOf(key)
      const body = await orUnavailable(redis.getexBuffer(sessionKey(name), 'PX', ttlMs))
      if (body === null) return undefined
      try {
        return fromJson(keyring.open(body, context(name)).toString()) as T
      } catch (error) {
        if (error instanceof KeyringError) return undefined
        throw error
      }
    },

    async set(key, value) {
      const json = toJson(value)
      const name = nameOf(key)
      if (json === '') await orUnavailable(redis.del(sessionKey(name)))
      else
        await orUnavailable(
          redis.set(sessionKey(name), keyring.seal(Buffer.from(json), context(name)), 'PX', ttlMs),
        )
    },

    async delete(key) {
      await orUnavailable(redis.del(sessionKey(nameOf(key))))
    },
  }
}

function context(name: string): string {
  return `session\0${name}`
}

async function orUnavailable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    throw new SessionsUnavailableError(afterMs, { cause })
  }
}
