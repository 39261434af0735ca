import { type Backlog, readBacklog } from '@botyard/mailbox'
import { type BoxName, boxNames } from '@botyard/queue-contracts'
import { listUnhealthyBots } from '@botyard/send-limits'
import { createGaugeGroup } from '@botyard/service-kit'
import type { Redis } from 'ioredis'
import type { Registry } from 'prom-client'

/**
 * Registers the gauge of bots whose credentials are refused, read from Redis at every scrape: a bot that is
 * well has none.
 */
export function registerBotHealth(registry: Registry, redis: Redis): void {
  const gauge = createGaugeGroup(registry, async () => {
    for (const bot of await listUnhealthyBots(redis).catch(() => [])) unhealthy.set({ bot }, 1)
  })
  const unhealthy = gauge(
    'botyard_bot_unhealthy',
    'Bots whose credentials the platform refuses: their sends wait, but for one probe a minute.',
    ['bot'],
  )
}

/**
 * Registers the gauges of the backlog, read from Redis at every scrape; without values while Redis is away.
 */
export function registerBacklog(registry: Registry, redis: Redis, partitions: number): void {
  const gauge = createGaugeGroup(registry, look)
  const updates = gauge('botyard_waiting_updates', 'Entries that wait in the mailboxes.', ['box'])
  const bytes = gauge('botyard_waiting_bytes', 'Bytes that wait in the mailboxes.', ['box'])
  const conversations = gauge(
    'botyard_waiting_conversations',
    'Conversations with mail, by what they wait for.',
    ['box', 'state'],
  )
  const letters = gauge('botyard_dead_letters_waiting', 'Dead letters that the mover has not copied yet.')
  const quarantined = gauge('botyard_quarantined', 'Entries and records that nobody could read.')
  const ofBot = gauge('botyard_waiting_updates_of_bot', 'Entries that wait, of the bots with most of them.', [
    'box',
    'bot',
  ])
  const oldestOfBot = gauge(
    'botyard_oldest_pending_of_bot_seconds',
    'Age of the oldest entry of each of these bots.',
    ['box', 'bot'],
  )
  const oldest = gauge(
    'botyard_oldest_pending_seconds',
    'Age of the oldest update that should be worked off now; 0 if there is none. The first thing to watch.',
    ['box'],
  )

  async function look(): Promise<void> {
    const backlog = await readBacklog(redis, partitions).catch(() => undefined)
    if (backlog === undefined) return
    for (const box of boxNames) set(box, backlog[box])
    letters.set(backlog.deadLetters)
    quarantined.set(backlog.quarantined)
  }

  function set(box: BoxName, { updates: waiting, bytes: waitingBytes, ...rest }: Backlog): void {
    updates.set({ box }, sum(waiting))
    bytes.set({ box }, sum(waitingBytes))
    for (const state of ['delayed', 'parked'] as const) conversations.set({ box, state }, rest[state])
    oldest.set({ box }, ageOf(rest.oldestPendingAtMs))
    const most = [...waiting].sort(([, a], [, b]) => b - a).slice(0, botsShown)
    for (const [bot, n] of most) {
      ofBot.set({ box, bot }, n)
      oldestOfBot.set({ box, bot }, ageOf(rest.oldestAtMs.get(bot)))
    }
  }
}

/** A label for each of ten thousand bots would cost Prometheus more than it tells anybody. */
const botsShown = 50

function ageOf(atMs: number | undefined): number {
  return atMs === undefined ? 0 : Math.max(0, Date.now() - atMs) / 1000
}

function sum(perBot: ReadonlyMap<string, number>): number {
  return [...perBot.values()].reduce((total, n) => total + n, 0)
}
