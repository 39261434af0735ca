import type { Bot } from '@botyard/control-database'
import type { LeasedBroadcast } from '@botyard/control-database/broadcasts'
import { createMailboxWriter } from '@botyard/mailbox'
import {
  type BotId,
  type ConversationKey,
  encodeOutbound,
  type OutboundMessage,
  outboundContext,
  type Platform,
} from '@botyard/queue-contracts'
import { type Keyring, KeyringError, type Naming } from '@botyard/service-kit'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { createSettleLost } from './find-lost-results.ts'
import { createRelease, type Release, type ReleaseDeps } from './release.ts'

/** What running broadcasts needs. */
export interface RunBroadcastsDeps extends Omit<ReleaseDeps, 'deliver'> {
  readonly keyring: Keyring
  readonly naming: Naming
  readonly redis: Redis
}

/** How long a worker that died keeps its broadcasts from the others, in ms. */
const leaseMs = 5_000
/** From then on a worker that hears nothing of the database releases nothing: others may soon. */
const trustMs = leaseMs - 1_000
const lookEveryMs = 500
const defaultLostEveryMs = 30_000
const tickEveryMs = 40

/**
 * Releases the recipients of running broadcasts to the outbox, each a moment before its slot; the outbox does
 * the rest, as with any reply: a chat's broadcasts in order, limits, pauses, uncertain sends. Each broadcast
 * is released by one worker at a time. What a worker released and could not note is released again by the
 * next one, and dropped as a duplicate.
 */
export function startBroadcasts(
  deps: RunBroadcastsDeps,
  options: {
    partitions: number
    process: string
    /** How often it is looked for results that Redis lost, in ms. */
    lostEveryMs?: number
    logger: Logger
    onTrouble: (error: unknown) => void
  },
): { close(): Promise<void> } {
  const { adapters, broadcasts, keyring, naming, redis } = deps
  const { partitions, process, lostEveryMs = defaultLostEveryMs, logger, onTrouble } = options
  const outbox = createMailboxWriter({ redis, partitions, box: 'outbox', bulk: true })
  const releases = new Map<string, Release>()
  /** Only while there is something to release: an idle worker is not woken for it. */
  let ticks: ReturnType<typeof every> | undefined
  let leasedAtMs = 0
  let mine: readonly LeasedBroadcast[] = []
  /** How far each was at the last look for lost results. */
  let releasedBefore: ReadonlyMap<string, number> = new Map()
  const settleLost = createSettleLost({
    ...{ broadcasts, redis, partitions },
    nameOf({ bot }, { conversation }) {
      return nameOf(bot, deps.bots.get(bot)!.platform, conversation)
    },
  })

  async function look(): Promise<void> {
    const askedAtMs = performance.now()
    const leased = await broadcasts.lease(process, leaseMs)
    leasedAtMs = askedAtMs
    mine = leased.broadcasts
    for (const [id, release] of releases) {
      if (!leased.broadcasts.some(broadcast => broadcast.id === id)) releases.delete(id)
      await release.note().catch(onTrouble)
    }
    if (releases.size === 0) {
      await ticks?.close()
      ticks = undefined
    }
    await Promise.all([
      ...leased.broadcasts.map(broadcast => refill(broadcast).catch(error => giveUp(broadcast.id, error))),
      ...leased.unreadable.map(({ id, cause }) => giveUp(id, cause)),
    ])
  }

  /** Another worker may have the key that is missing here; any other trouble may be over at the next look. */
  async function giveUp(id: string, error: unknown): Promise<void> {
    onTrouble(error)
    if (!(error instanceof KeyringError)) return
    await releases.get(id)?.note().catch(onTrouble)
    releases.delete(id)
    await broadcasts.handBack(id, process)
  }

  async function refill(broadcast: LeasedBroadcast): Promise<void> {
    const release = releases.get(broadcast.id) ?? createRelease({ ...deps, deliver }, broadcast, process)
    releases.set(broadcast.id, release)
    ticks ??= every(tickEveryMs, tick)
    await release.refill(broadcast)
  }

  async function tick(): Promise<void> {
    if (performance.now() - leasedAtMs > trustMs) return
    await Promise.all([...releases].map(([id, release]) => release.tick().catch(error => drop(id, error))))
  }

  /**
   * Begun anew by the next look, which comes later than the next tick: trouble is not told 25 times a second.
   */
  function drop(id: string, error: unknown): void {
    releases.delete(id)
    onTrouble(error)
  }

  /** Redis has been restored, or a failover lost something: rare, and dear only if there is much to find. */
  async function lookForLost(): Promise<void> {
    const before = releasedBefore
    releasedBefore = new Map(mine.map(({ id, released }) => [id, released]))
    for (const broadcast of mine) {
      const { id, bot } = broadcast
      if (deps.bots.get(bot) === undefined) continue
      const lost = await settleLost(broadcast, before.get(id) ?? 0)
      if (lost > 0) logger.warn({ broadcast: id, bot, lost }, 'results of a broadcast are lost')
    }
  }

  /**
   * Each chat has a mailbox of its own for broadcasts: no reply waits behind a message that waits for the
   * bot's rate.
   */
  function nameOf(bot: BotId, platform: Platform, chat: string): ConversationKey {
    return naming.conversation(bot, platform, `broadcast\0${chat}`)
  }

  async function deliver(bot: Bot, message: OutboundMessage): Promise<void> {
    const conversation = nameOf(bot.id, bot.platform, message.conversation)
    const update = naming.update(bot.id, message.id)
    await outbox.deliver({
      conversation,
      update,
      body: keyring.seal(encodeOutbound(message), outboundContext(conversation, update)),
      windowMs: adapters[bot.platform].redeliveryWindowMs,
    })
  }

  const looks = every(lookEveryMs, () => look().catch(onTrouble))
  const losses = every(lostEveryMs, () => lookForLost().catch(onTrouble))

  return {
    async close() {
      await losses.close()
      await looks.close()
      await ticks?.close()
      for (const release of releases.values()) await release.note().catch(onTrouble)
      await outbox.close()
    },
  }
}

/** Repeats a task, never twice at a time; closing waits for the last one. */
function every(ms: number, task: () => Promise<void>): { close(): Promise<void> } {
  let running: Promise<void> | undefined
  const timer = setInterval(() => {
    running ??= task().finally(() => {
      running = undefined
    })
  }, ms)
  return {
    async close() {
      clearInterval(timer)
      await running
    },
  }
}
