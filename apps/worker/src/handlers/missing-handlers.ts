import { type BotDirectory, liveHandlers } from '@botyard/control-database'
import type { BotId } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { Gauge, type Registry } from 'prom-client'
import { HandlerMissingError } from '../errors.ts'

/** Bots that have mail here and no code: whether another worker has it, and who is told if none does. */
export interface MissingHandlers {
  /** Mail of the bot came and its handler is not here; answers how long the mail waits, in ms. */
  met(bot: BotId, handler: string): number
  close(): Promise<void>
}

interface Outage {
  readonly handler: string
  readonly sinceMs: number
  metAtMs: number
  /** No live worker has it, which was said. */
  told: boolean
}

/** While others have the handler, or may get it within a deployment. */
const shortWaitMs = 2_000
/**
 * A bot without code can have mail in a hundred thousand conversations, each of which is looked at once in
 * this time.
 */
const longWaitMs = 60_000
/** An outage that no mail was met of for so long is over: the mail is gone. */
const forgottenAfterMs = 3 * longWaitMs

/**
 * Starts to watch; says once per outage, in the log and in the gauge `botyard_bot_without_handler`, that no
 * live worker has the handler.
 */
export function watchMissingHandlers(options: {
  redis: Redis
  bots: Pick<BotDirectory, 'get'>
  logger: Logger
  registry: Registry
  now?: () => number
  lookEveryMs?: number
}): MissingHandlers {
  const { redis, bots, logger, registry, now = () => performance.now(), lookEveryMs = 5_000 } = options
  const outages = new Map<BotId, Outage>()
  new Gauge({
    name: 'botyard_bot_without_handler',
    aggregator: 'max',
    help: 'Bots with mail whose handler no live worker has: their mail waits until one is deployed.',
    labelNames: ['bot', 'handler'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [bot, { handler, told }] of outages) if (told) this.set({ bot, handler }, 1)
    },
  })
  let looking: Promise<void> | undefined

  function lookSoon(): void {
    if (outages.size === 0) return
    looking ??= look()
      // Redis is away, which its client has logged: the next look tells.
      .catch(() => undefined)
      .finally(() => {
        looking = undefined
      })
  }

  async function look(): Promise<void> {
    const live = await liveHandlers(redis)
    for (const [bot, outage] of outages) {
      const { handler, told } = outage
      const isOver = live.has(handler) || bots.get(bot)?.handler !== handler
      if (isOver || now() - outage.metAtMs > forgottenAfterMs) {
        outages.delete(bot)
        if (told) logger.info({ bot, handler }, 'the bot waits for its handler no more')
      } else if (!told) {
        outage.told = true
        const code = HandlerMissingError.code
        logger.error(
          { bot, handler, code },
          'no live worker has the handler of a bot that has mail: its mail waits',
        )
      }
    }
  }

  const timer = setInterval(lookSoon, lookEveryMs)

  return {
    met(bot, handler) {
      const known = outages.get(bot)
      if (known?.handler === handler) known.metAtMs = now()
      else {
        outages.set(bot, { handler, sinceMs: now(), metAtMs: now(), told: false })
        lookSoon()
      }
      const { told, sinceMs } = outages.get(bot)!
      const ms = told ? Math.min(longWaitMs, Math.max(shortWaitMs, (now() - sinceMs) / 4)) : shortWaitMs
      // What came together need not return together.
      return ms * (0.8 + Math.random() * 0.4)
    },
    async close() {
      clearInterval(timer)
      await looking
    },
  }
}
