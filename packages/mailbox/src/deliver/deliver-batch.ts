import { type BoxName, botOf } from '@botyard/queue-contracts'
import { newEntry } from '../redis/entry.ts'
import type { Delivery, DeliveryOutcome } from './delivery.ts'

/**
 * Updates that may wait behind parked ones, of a bot: they do not fill its backlog, so they have a bound of
 * their own.
 */
const maxParked = 10_000
const noBody = Buffer.alloc(0)

/** The deliver script's arguments for a batch, layout in `lua/deliver.lua`. */
export function deliverArguments(
  box: BoxName,
  bulk: boolean,
  batch: readonly Delivery[],
): (string | number | Buffer)[] {
  const bots = new Map<string, Delivery>()
  const updates: (string | Buffer)[] = []
  const followers: (number | string | Buffer)[] = []
  for (const [i, delivery] of batch.entries()) {
    bots.set(botOf(delivery.conversation), delivery)
    if (delivery.after) followers.push(i + 1, memberOf(delivery.after), newEntry(delivery.after, noBody))
    updates.push(
      delivery.conversation,
      delivery.userLimit && delivery.user ? delivery.user : '',
      memberOf(delivery.update),
      newEntry(delivery.update, delivery.body),
    )
  }
  const policies: (string | number)[] = [box, bulk ? 1 : 0, maxParked, bots.size, followers.length / 3]
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
  return [...policies, ...followers, ...updates]
}

/** What the sets of seen ids hold of an update's hash. */
function memberOf(hash: Buffer): string {
  return hash.readBigInt64BE(0).toString()
}

const outcomes = ['accepted', 'duplicate', 'backlog-full', 'delayed'] as const

/** What the script's answer about an update means. */
export function outcomeOf(code: number): DeliveryOutcome {
  return outcomes[code]!
}
