import { randomBytes } from 'node:crypto'
import { busPrefix } from '@botyard/queue-contracts/names'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'

const beatMs = 1_000
/** Without a message of its own for that long a subscription counts as deaf, in ms. */
const defaultDeafMs = 5_000

/** Whether this process hears what is published. */
export interface Pulse {
  readonly heard: boolean
  close(): void
}

/**
 * Publishes to this process itself, every second, and listens: a subscription may be deaf though its
 * connection stands (half-open, on a server that is no primary any more, without the right to a channel).
 */
export function startPulse(options: {
  subscriber: Redis
  commands: Redis
  logger: Logger
  deafMs?: number
}): Pulse {
  const { subscriber, commands, logger, deafMs = defaultDeafMs } = options
  const channel = `${busPrefix}:pulse:${randomBytes(9).toString('base64url')}`
  let heardAt = performance.now()

  const subscribe = () => {
    subscriber.subscribe(channel).catch(err => logger.warn({ err }, 'own pulse not subscribed'))
  }
  const onMessage = (from: string) => {
    if (from === channel) heardAt = performance.now()
  }
  subscriber.on('ready', subscribe)
  subscriber.on('message', onMessage)
  if (subscriber.status === 'ready') subscribe()
  // Redis away, which its client has logged: then nothing is heard.
  const timer = setInterval(() => void commands.publish(channel, '').catch(() => undefined), beatMs)

  return {
    get heard() {
      return performance.now() - heardAt < deafMs
    },
    close() {
      clearInterval(timer)
      subscriber.off('ready', subscribe)
      subscriber.off('message', onMessage)
    },
  }
}
