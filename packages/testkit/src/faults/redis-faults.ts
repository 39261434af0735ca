import { Redis } from 'ioredis'

/** Faults of a running Redis, made on a connection of its own. */
export interface RedisFaults {
  /**
   * Demoted: it is a replica of nobody, so every write is answered READONLY, also on connections that are
   * open.
   */
  readOnly(): Promise<void>
  /** A primary again. */
  writable(): Promise<void>
  /** Every write that needs memory is answered OOM; `false` ends it. */
  outOfMemory(on?: boolean): Promise<void>
  /**
   * A script runs that does not end: others are answered BUSY after 10 ms. Resolves with what ends the
   * script.
   */
  busy(): Promise<() => Promise<void>>
  /** Ends connections of clients: all, or those of one kind. Answers how many. */
  endConnections(type?: 'normal' | 'pubsub'): Promise<number>
  close(): void
}

/** Opens the connection that makes the faults. `url` must be of a user who may do everything. */
export async function redisFaults(url: string): Promise<RedisFaults> {
  const open = async () => {
    const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null })
    redis.on('error', () => undefined)
    await redis.connect()
    return redis
  }
  const redis = await open()
  return {
    async readOnly() {
      await redis.replicaof('127.0.0.1', 1)
    },
    async writable() {
      await redis.replicaof('NO', 'ONE')
    },
    async outOfMemory(on = true) {
      await redis.config('SET', 'maxmemory', on ? '1' : '0')
    },
    async busy() {
      await redis.config('SET', 'busy-reply-threshold', '10')
      const runner = await open()
      const ended = runner.eval('while true do end', 0).catch(() => undefined)
      while (!(await redis.ping().then(isNoAnswer, isBusy))) {
        // The script has not begun yet.
      }
      return async () => {
        await redis.script('KILL')
        await ended
        runner.disconnect()
      }
    },
    async endConnections(type) {
      return Number(await redis.call('CLIENT', 'KILL', 'SKIPME', 'yes', ...(type ? ['TYPE', type] : [])))
    },
    close: () => redis.disconnect(),
  }
}

const isNoAnswer = () => false
const isBusy = (error: Error) => error.message.startsWith('BUSY')
