import { type BoxName, botOf } from '@botyard/queue-contracts'
import type { Delivery, DeliveryOutcome } from './delivery.ts'
import { newEntry } from './entry.ts'

/**
 * Updates that may wait behind parked ones, of a bot: they do not fill its backlog, so they have a bound of
 * their own.
 */
const maxParked = 10_000

/** The deliver script's arguments for a batch, layout in `lua/deliver.lua`. */
export function deliverArguments(
  box: BoxName,
  bulk: boolean,
  batch: readonly Delivery[],
): (string | number | Buffer)[] {
  const bots = new Map<string, Delivery>()
  const updates: (string | Buffer)[] = []
  for (const delivery of batch) {
    bots.set(botOf(delivery.conversation), delivery)
    updates.push(
      delivery.conversation,
      delivery.userLimit && delivery.user ? delivery.user : '',
      delivery.update.readBigInt64BE(0).toString(),
      newEntry(delivery.update, delivery.body),
    )
  }
  const policies: (string | number)[] = [box, bulk ? 1 : 0, maxParked, bots.size]
  for (const [bot, { windowMs, userLimit, maxBacklog }] of bots) {
    policies.push(
      bot,
      windowMs,
      userLimit?.perSecond ?? 0,
      userLimit?.burst ?? 0,
      maxBacklog?.updates ?? 0,
      maxBacklog?.bytes ?? 0,
    )
  }
  return [...policies, ...updates]
}

const outcomes = ['accepted', 'duplicate', 'backlog-full', 'delayed'] as const

/** What the script's answer about an update means. */
export function outcomeOf(code: number): DeliveryOutcome {
  return outcomes[code]!
}
