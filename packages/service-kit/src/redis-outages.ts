import type { Redis } from 'ioredis'
import type { Logger } from 'pino'

/** A connection that took writes for that long has ended the outage, in ms. */
const settledMs = 3_000

/**
 * One line when an outage begins and one when it ends. A connection that comes and goes, as it does while a
 * demoted server is asked for the primary, is one outage.
 */
export function logRedisOutages(redis: Redis, logger: Logger): void {
  let awaySinceMs: number | undefined
  let wasReadOnly = false
  let settling: NodeJS.Timeout | undefined
  let closing = false

  const away = (err?: Error) => {
    clearTimeout(settling)
    if (awaySinceMs !== undefined || closing) return
    awaySinceMs = performance.now()
    logger.error({ err }, 'redis is away')
  }
  const back = () => {
    if (awaySinceMs === undefined) return
    logger.info({ awayMs: Math.round(performance.now() - awaySinceMs) }, 'redis is back')
    awaySinceMs = undefined
    wasReadOnly = false
  }
  noteReadOnly(redis, error => {
    wasReadOnly = true
    away(error)
    settling = setTimeout(back, settledMs)
  })
  redis.on('error', away)
  // Quit and disconnect end with 'close' too, without 'reconnecting'.
  redis.on('reconnecting', () => away())
  redis.on('end', () => {
    closing = true
    clearTimeout(settling)
  })
  redis.on('ready', () => {
    closing = false
    clearTimeout(settling)
    // Connected to a replica again, perhaps: the next write tells.
    if (wasReadOnly) settling = setTimeout(back, settledMs)
    else back()
  })
}

/** Hears of READONLY through the option that ioredis asks about every error. */
function noteReadOnly(redis: Redis, note: (error: Error) => void): void {
  const { reconnectOnError } = redis.options
  redis.options.reconnectOnError = error => {
    if (error.message.startsWith('READONLY')) note(error)
    return reconnectOnError?.(error) ?? false
  }
}
