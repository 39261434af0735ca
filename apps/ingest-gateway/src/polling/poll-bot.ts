import { setTimeout as delay } from 'node:timers/promises'
import type { Bot } from '@botyard/control-database'
import { InvalidUpdateError, type PlatformAdapter } from '@botyard/platforms'
import type { Logger } from 'pino'
import type { Dispatcher } from 'undici'
import type { AcceptUpdate } from '../accept-update.ts'
import type { Page } from '../call.ts'
import type { GatewayMetrics } from '../metrics.ts'

/** What polling needs. */
export interface PollBotDeps {
  readonly acceptUpdate: AcceptUpdate
  readonly dispatcher: Dispatcher
  readonly logger: Logger
  readonly metrics: GatewayMetrics
}

/** The pause while updates cannot be stored, in ms. */
const storePauseMs = 1_000
/** The pause while the platform does not know the bot, in ms. */
const refusedPauseMs = 30_000
/** What is sealed and handed over at once, in bytes. */
const chunkBytes = 256 * 1024

/**
 * Asks for a bot's updates until the signal aborts, and takes them the way a webhook's are taken. The
 * platform is told that it may forget updates (by the next offset) only when all of them are stored and
 * woken; until then it is asked for the same ones again, and those that were stored are duplicates. So no
 * offset needs to be remembered: the next poller begins without one.
 */
export async function pollBot(
  bot: Bot,
  adapter: PlatformAdapter,
  deps: PollBotDeps,
  signal: AbortSignal,
): Promise<void> {
  const { dispatcher, logger, metrics } = deps
  let offset: string | undefined
  metrics.heard(bot.id, 'polling')
  while (!signal.aborted && adapter.poll) {
    const result = await adapter.poll(bot.credentials, offset, { dispatcher, signal })
    if (signal.aborted) return
    if (result.status === 'retry') {
      const { reason, blame } = result
      metrics.polled(bot.platform, blame === undefined ? 'failed' : 'refused')
      logger.warn({ bot: bot.id, reason }, 'updates not fetched')
      await pause(blame === undefined ? result.afterMs : refusedPauseMs, signal)
      continue
    }
    metrics.polled(bot.platform, 'ok')
    metrics.heard(bot.id, 'polling')
    if (await store(bot, result.bodies, deps)) offset = result.next
    else await pause(storePauseMs, signal)
  }
}

/** Stores bodies in their order; false if one of them, and so all behind it, must be fetched again. */
async function store(bot: Bot, bodies: readonly Buffer[], deps: PollBotDeps): Promise<boolean> {
  const page: Page = new Map()
  for (let from = 0; from < bodies.length; ) {
    let bytes = 0
    let to = from
    while (to < bodies.length && (to === from || bytes + bodies[to]!.length <= chunkBytes))
      bytes += bodies[to++]!.length
    const stored = await Promise.all(bodies.slice(from, to).map(body => storeOne(bot, body, page, deps)))
    if (stored.includes(false)) return false
    from = to
  }
  return true
}

async function storeOne(
  bot: Bot,
  body: Buffer,
  page: Page,
  { acceptUpdate, logger }: PollBotDeps,
): Promise<boolean> {
  const request = { method: 'POST', url: '', headers: {}, body, receivedAtMs: Date.now() }
  try {
    const { status } = await acceptUpdate(bot, request, 'poll', page)
    return status === 'stored'
  } catch (err) {
    // Skip malformed updates: otherwise polling fetches this one forever, and all that waits behind it.
    if (err instanceof InvalidUpdateError) {
      logger.error(
        { bot: bot.id, code: err.code, path: err.path },
        'fetched update skipped: not as the platform documents it',
      )
      return true
    }
    logger.warn({ bot: bot.id, err }, 'fetched updates not stored, they will be fetched again')
    return false
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined)
}
