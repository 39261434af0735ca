import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { createLeaseBoard, tellEveryMs } from '../notices/lease-board.ts'

const board = createLeaseBoard<{ readonly handlers: readonly string[] }>('handlers')

/** Says which handlers a worker has, as long as it lives. */
export interface HandlerReport {
  /** Resolves when the others can know for the first time. */
  readonly told: Promise<void>
  /** Withdraws it: nobody is to wait for this worker any more. */
  close(): Promise<void>
}

/** Begins to say so. While Redis is away it tries again; nothing else waits for it. */
export function reportHandlers(options: {
  redis: Redis
  handlers: readonly string[]
  logger: Logger
}): HandlerReport {
  const { redis, handlers, logger } = options
  const member = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`
  const told = Promise.withResolvers<void>()
  let telling: Promise<void> | undefined
  let closed = false

  function tellSoon(): void {
    if (closed) return
    telling ??= board
      .tell(redis, member, { handlers })
      .then(told.resolve)
      .catch(err => logger.debug({ err }, 'handlers not reported, will be'))
      .finally(() => {
        telling = undefined
      })
  }

  redis.on('ready', tellSoon)
  const timer = setInterval(tellSoon, tellEveryMs)
  tellSoon()

  return {
    told: told.promise,
    async close() {
      closed = true
      clearInterval(timer)
      redis.off('ready', tellSoon)
      told.resolve()
      await telling
      await board.withdraw(redis, member).catch(() => {
        // Redis is away: the lease ends by itself.
      })
    },
  }
}

/** The handlers that live workers have, and how many of them have each. */
export async function liveHandlers(redis: Redis): Promise<ReadonlyMap<string, number>> {
  const workers = new Map<string, number>()
  for (const { handlers } of await board.live(redis)) {
    for (const name of Array.isArray(handlers) ? handlers : [])
      workers.set(name, (workers.get(name) ?? 0) + 1)
  }
  return workers
}
