import type { Bot, BotDirectory } from '@botyard/control-database'
import type { BroadcastStore, LeasedBroadcast, Recipient } from '@botyard/control-database/broadcasts'
import type { PlatformAdapter } from '@botyard/platforms'
import type { OutboundMessage, Platform } from '@botyard/queue-contracts'
import type { ReservedSlot, SendLimits } from '@botyard/send-limits'
import { broadcastMessageId } from './broadcast-message-id.ts'
import { perSecond, type Rate, ratesOfBot } from './rates-of-bot.ts'

/** What the release of a broadcast needs. */
export interface ReleaseDeps {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly bots: Pick<BotDirectory, 'get'>
  readonly broadcasts: BroadcastStore
  readonly limits: Pick<SendLimits, 'reserve'>
  /** Puts a message into the outbox. */
  deliver(bot: Bot, message: OutboundMessage): Promise<void>
}

/** One broadcast that this worker releases. */
export interface Release {
  /** Notes how far it came: the process that releases the rest begins there. */
  note(): Promise<void>
  /** Brings the recipients that may be released until the next time. */
  refill(broadcast: LeasedBroadcast): Promise<void>
  /** Hands over the messages whose slots are near; without a rate, all that may be. */
  tick(): Promise<void>
}

/**
 * Messages without a result at a time, as seconds of the broadcast's rate: enough that none is wanting while
 * results are on their way back, and no more, so that a platform that answers nothing gathers no heap in the
 * outbox.
 */
const aheadSeconds = 4
const fastest = 500

/**
 * A slot is as far ahead as it takes a message to reach a worker that sends it, and no further: a pause of
 * the broadcast takes effect at once, and a message that waits for its slot holds a place of the sends.
 */
const leadMs = 100
const horizonMs = 250

/** Begins the release of a broadcast by this worker, whose process has the name `process`. */
export function createRelease(deps: ReleaseDeps, first: LeasedBroadcast, process: string): Release {
  const { adapters, bots, broadcasts, limits, deliver } = deps
  const { id } = first
  let message = first.message
  let noted = first.released
  let next = first.released
  let waiting: (Recipient & { n: number })[] = []
  /** Messages that may be released before the next refill. */
  let room = 0
  let rates: readonly Rate[] = []
  let ticking: Promise<void> = Promise.resolve()

  async function note(): Promise<void> {
    await ticking
    const reached = next
    if (reached === noted) return
    await broadcasts.release(id, process, reached)
    noted = reached
  }

  async function refill(broadcast: LeasedBroadcast): Promise<void> {
    const bot = bots.get(broadcast.bot)
    if (bot === undefined) return
    message = broadcast.message
    await fetch(broadcast)
    const [one, other = one] = waiting
    if (one === undefined || other === undefined) return
    rates = ratesOfBot(adapters[bot.platform], bot, [messageOf(bot, one), messageOf(bot, other)])
    const underWay = next - broadcast.sent - broadcast.failed - broadcast.uncertain
    room = Math.max(0, Math.ceil(aheadSeconds * perSecond(rates, fastest)) - underWay)
  }

  /** Two refills' worth lie ready, so that no slot waits for the database. */
  async function fetch({ recipients }: LeasedBroadcast): Promise<void> {
    const from = next + waiting.length
    const wanted = Math.ceil(perSecond(rates, fastest)) - waiting.length
    if (wanted > 0 && from < recipients) waiting.push(...(await broadcasts.recipients(id, from, wanted)))
  }

  function tick(): Promise<void> {
    const ticked = handOver()
    // Noting how far it came waits for what is under way, and does not mind how that ends.
    ticking = ticked.catch(() => undefined)
    return ticked
  }

  async function handOver(): Promise<void> {
    const bot = bots.get(first.bot)
    const max = Math.min(room, waiting.length)
    if (bot === undefined || max === 0) return
    const slots = await slotsFor(bot, max)
    const page = waiting.slice(0, slots.length)
    await Promise.all(page.map((recipient, i) => deliver(bot, messageOf(bot, recipient, slots[i]))))
    // Not before all are delivered: what fails is released again, and what was delivered nevertheless is
    // dropped as a duplicate.
    waiting = waiting.slice(page.length)
    next += page.length
    room -= page.length
  }

  async function slotsFor(
    { id, platform, version }: Bot,
    max: number,
  ): Promise<readonly (ReservedSlot | undefined)[]> {
    if (rates.length === 0) return Array.from({ length: max }, () => undefined)
    return limits.reserve({ id, platform, version, tenant: undefined }, rates, { max, leadMs, horizonMs })
  }

  function messageOf(
    bot: Bot,
    { n, ...recipient }: Recipient & { n: number },
    slot?: ReservedSlot,
  ): OutboundMessage {
    return {
      id: broadcastMessageId(id, n),
      bot: bot.id,
      platform: bot.platform,
      ...recipient,
      ...message,
      broadcast: { id, n, ...(slot && { slot: { atMs: slot.atMs, under: [...slot.under] } }) },
      receivedAtMs: Date.now(),
    }
  }

  return { note, refill, tick }
}
