import type { Redis } from 'ioredis'
import type { Logger } from 'pino'

/** What the store has room for, as far as it tells. */
export interface StoreRoom {
  /** The largest body that it can ever hold, in bytes. */
  maxBytes(): number
  /** Whether it has room for so many more bytes now. */
  fits(bytes: number): boolean
  close(): void
}

/** Between two looks, in ms. */
const lookEveryMs = 5_000
/** Redis's own default of `proto-max-bulk-len`. */
const defaultBulkBytes = 512 * 1024 * 1024
/** What an entry is longer than its body by: its names, the envelope. */
const spareBytes = 64 * 1024

/**
 * Asks Redis what it has room for. What it does not tell, by its rights or because it is away, counts as
 * plenty: then the store itself refuses.
 */
export function createStoreRoom({ redis, logger }: { redis: Redis; logger: Logger }): StoreRoom {
  let bulkBytes = defaultBulkBytes
  let maxMemory = 0
  let usedMemory = 0
  let isTold = false

  async function look(): Promise<void> {
    if (redis.status !== 'ready') return
    try {
      const memory = await redis.info('memory')
      maxMemory = numberIn(memory, 'maxmemory')
      usedMemory = numberIn(memory, 'used_memory')
      const [, bulk] = (await redis.config('GET', 'proto-max-bulk-len')) as string[]
      bulkBytes = Number(bulk) || defaultBulkBytes
    } catch (err) {
      if (!isTold) logger.info({ err }, 'redis does not say how much it has room for')
      isTold = true
    }
  }
  const timer = setInterval(() => void look(), lookEveryMs)
  redis.on('ready', look)
  void look()

  return {
    maxBytes: () => Math.max(0, Math.min(bulkBytes, maxMemory || Number.POSITIVE_INFINITY) - spareBytes),
    fits: bytes => maxMemory === 0 || usedMemory + bytes <= maxMemory,
    close() {
      clearInterval(timer)
      redis.off('ready', look)
    },
  }
}

function numberIn(info: string, name: string): number {
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0)
}
