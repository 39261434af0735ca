import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { type CacheKeys, cacheKeys } from './keys.ts'

/** The keys of the Redis server that a client is connected to. */
export interface Epoch {
  /**
   * Undefined while Redis is away or has not said which start of it this is. Compare by identity: it changes
   * with each connection.
   */
  readonly current: CacheKeys | undefined
  /** Calls once for each epoch that begins, with the keys of it. */
  onBegin(listener: (keys: CacheKeys) => void): void
  close(): void
}

/**
 * Follows which start of which server a client talks to, by its `run_id`. A server that restarts may bring
 * back values that were deleted before it died, and a replica that takes over may never have heard of the
 * deletion: under new keys neither is read.
 */
export function createEpoch(redis: Redis, namespace: string, logger: Logger): Epoch {
  const listeners: ((keys: CacheKeys) => void)[] = []
  let current: CacheKeys | undefined
  let connection = 0

  async function ask(mine: number): Promise<void> {
    const info = await redis.info('server')
    const run = /^run_id:(\w{16})/m.exec(info)?.[1]
    if (run === undefined) throw new Error('INFO server has no run_id')
    if (mine !== connection) return
    current = cacheKeys(namespace, run)
    for (const listener of listeners) listener(current)
  }

  const connected = () => {
    current = undefined
    ask(++connection).catch(err => {
      // A connection that broke again; the next one asks anew.
      if (redis.status === 'ready')
        logger.warn({ err }, 'cache without redis: it does not say which start of it this is')
    })
  }
  // Before the next connection can carry a command, so none of an earlier epoch is answered by a later server
  // unnoticed.
  const disconnected = () => {
    connection++
    current = undefined
  }
  redis.on('ready', connected)
  redis.on('close', disconnected)
  if (redis.status === 'ready') connected()

  return {
    get current() {
      return current
    },
    onBegin: listener => void listeners.push(listener),
    close() {
      redis.off('ready', connected)
      redis.off('close', disconnected)
      disconnected()
    },
  }
}
