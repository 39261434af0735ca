import type { Bot, BotDirectory } from '@botyard/control-database'
import type { PlatformAdapter } from '@botyard/platforms'
import type { BotId, Platform } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { createLeases, leaseMs } from './leases.ts'
import { type PollBotDeps, pollBot } from './poll-bot.ts'

/** What the pollers of a gateway need. */
export interface PollersDeps extends PollBotDeps {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly bots: Pick<BotDirectory, 'all'>
  /** For the leases; may be away. */
  readonly redis: Redis
}

interface Poller {
  readonly bot: Bot
  readonly stop: AbortController
  readonly ended: Promise<void>
  heldUntil: number
}

/** Thrice in a lease: two lost renewals are survived. */
const lookEveryMs = leaseMs / 3

/**
 * Polls for the bots whose settings say `intake: polling`: each by one gateway at a time, whichever got its
 * lease; another one takes over within a lease's life after it died. A changed bot is polled anew with what
 * changed.
 */
export function startPollers(deps: PollersDeps): { close(): Promise<void> } {
  const { adapters, bots, logger, metrics, redis } = deps
  const leases = createLeases(redis)
  const pollers = new Map<BotId, Poller>()
  let looking: Promise<void> | undefined
  let closed = false

  async function look(): Promise<void> {
    const wanted = new Map<BotId, Bot>()
    for (const bot of bots.all())
      if (bot.settings.intake === 'polling' && adapters[bot.platform].poll) wanted.set(bot.id, bot)
    for (const [id, poller] of pollers) {
      if (wanted.get(id)?.version !== poller.bot.version) await end(id, poller)
    }
    await Promise.all([...wanted.values()].map(keep))
  }

  async function keep(bot: Bot): Promise<void> {
    const poller = pollers.get(bot.id)
    const askedAt = performance.now()
    const held = await leases.hold(bot.id).catch(() => undefined)
    if (closed) return
    if (held) {
      if (poller) poller.heldUntil = askedAt + leaseMs
      else pollers.set(bot.id, begin(bot, askedAt + leaseMs))
      return
    }
    // Lost to another gateway, or not renewed for so long that it may be.
    if (poller && (held === false || performance.now() > poller.heldUntil)) await end(bot.id, poller)
  }

  function begin(bot: Bot, heldUntil: number): Poller {
    const stop = new AbortController()
    logger.info({ bot: bot.id }, 'polling begins')
    const ended = pollBot(bot, adapters[bot.platform], deps, stop.signal).catch(err =>
      logger.error({ bot: bot.id, err }, 'polling failed'),
    )
    const poller: Poller = { bot, stop, heldUntil, ended }
    // By itself it ends only by an error of ours: the next look begins anew.
    // Never rejects: the error was logged above.
    void ended.then(() => pollers.get(bot.id) === poller && pollers.delete(bot.id))
    return poller
  }

  async function end(id: BotId, poller: Poller): Promise<void> {
    pollers.delete(id)
    poller.stop.abort()
    await poller.ended
    metrics.ended(id, 'polling')
    logger.info({ bot: id }, 'polling ends')
  }

  const timer = setInterval(() => {
    looking ??= look()
      .catch(err => logger.warn({ err }, 'bots to poll for not looked through'))
      .finally(() => {
        looking = undefined
      })
  }, lookEveryMs)

  return {
    async close() {
      closed = true
      clearInterval(timer)
      await looking
      for (const [id, poller] of pollers) {
        await end(id, poller)
        await leases.giveUp(id).catch(() => undefined)
      }
    },
  }
}
