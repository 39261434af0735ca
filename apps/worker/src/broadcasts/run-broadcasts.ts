import { createMailboxWriter } from '@botyard/mailbox'
import type { PlatformAdapter } from '@botyard/platforms'
import { encodeOutbound, type OutboundMessage, type Platform } from '@botyard/queue-contracts'
import type { Keyring, Naming } from '@botyard/service-kit'
import type { Bot, BotDirectory, BroadcastStore, LeasedBroadcast, Recipient } from '@botyard/shard-routing'
import type { Redis } from 'ioredis'
import { broadcastMessageId } from './broadcast-message-id.ts'

/** What running broadcasts needs. */
export interface RunBroadcastsDeps {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly bots: Pick<BotDirectory, 'get'>
  readonly broadcasts: BroadcastStore
  readonly keyring: Keyring
  readonly naming: Naming
  readonly redis: Redis
}

/** How long a worker that died keeps its broadcasts from the others, in ms. */
const leaseMs = 5_000
const lookEveryMs = 500
/**
 * Messages of a broadcast that are in the outbox at a time, as seconds of its rate: enough that none is wanting while results
 * are on their way back, and no more, so that a pause takes effect and replies never stand behind a heap.
 */
const aheadSeconds = 4
const fastest = 500

/**
 * Releases the recipients of running broadcasts to the outbox, a few seconds' worth at a time; the outbox does the rest, as
 * with any reply: a chat's broadcasts in order, limits, pauses, uncertain sends. Each broadcast is released by one worker at a time.
 * What a worker released and could not note is released again by the next one, and dropped as a duplicate.
 */
export function startBroadcasts(
  deps: RunBroadcastsDeps,
  options: { shards: number; process: string; onTrouble: (error: unknown) => void },
): { close(): Promise<void> } {
  const { adapters, bots, broadcasts, keyring, naming, redis } = deps
  const { shards, process, onTrouble } = options
  const outbox = createMailboxWriter({ redis, shards, box: 'outbox' })
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    const leased = await broadcasts.lease(process, leaseMs)
    await Promise.all(leased.map(broadcast => release(broadcast).catch(onTrouble)))
  }

  async function release(broadcast: LeasedBroadcast): Promise<void> {
    const bot = bots.get(broadcast.bot)
    if (bot === undefined || broadcast.released >= broadcast.recipients) return
    const underWay = broadcast.released - broadcast.sent - broadcast.failed - broadcast.uncertain
    const room = Math.ceil(aheadSeconds * rateOf(bot, broadcast)) - underWay
    if (room <= 0) return
    const page = await broadcasts.recipients(broadcast.id, broadcast.released, room)
    await Promise.all(page.map(recipient => deliver(bot, broadcast, recipient)))
    await broadcasts.release(broadcast.id, process, broadcast.released + page.length)
  }

  async function deliver(bot: Bot, broadcast: LeasedBroadcast, recipient: Recipient & { n: number }): Promise<void> {
    // Each chat has a mailbox of its own for broadcasts: no reply waits behind a message that waits for the bot's rate.
    const conversation = naming.conversation(bot.id, bot.platform, `broadcast\0${recipient.conversation}`)
    const message = messageOf(bot, broadcast, recipient)
    await outbox.deliver({
      conversation,
      update: naming.update(bot.id, message.id),
      body: keyring.seal(encodeOutbound(message), `${conversation}|out`),
      windowMs: adapters[bot.platform].redeliveryWindowMs,
    })
  }

  /** Messages a second that the bot's limits let through at the most. */
  function rateOf(bot: Bot, broadcast: LeasedBroadcast): number {
    const sample = messageOf(bot, broadcast, { conversation: '', n: 0 })
    const limits = adapters[bot.platform].limits?.(sample, bot.credentials, bot.settings.limits ?? {}, true) ?? []
    const rates = limits.flatMap(limit =>
      limit.kind === 'rate' && limit.waits && !limit.name.includes(':') ? [(limit.count * 1000) / limit.periodMs] : [],
    )
    return Math.min(fastest, ...rates)
  }

  const timer = setInterval(() => {
    looking ??= look()
      .catch(onTrouble)
      .finally(() => {
        looking = undefined
      })
  }, lookEveryMs)

  return {
    async close() {
      clearInterval(timer)
      await looking
      await outbox.close()
    },
  }
}

function messageOf(bot: Bot, { id, message }: LeasedBroadcast, { n, ...recipient }: Recipient & { n: number }) {
  const outbound: OutboundMessage = {
    id: broadcastMessageId(id, n),
    bot: bot.id,
    platform: bot.platform,
    ...recipient,
    ...message,
    broadcast: { id, n },
    receivedAtMs: Date.now(),
  }
  return outbound
}
