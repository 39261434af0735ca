import { type BoxName, boxNames, type ConversationKey, noGroup, partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import type { Heartbeat } from '../process/heartbeat.ts'
import { homesOf, partitionRedis } from '../redis/partition-redis.ts'
import type { Tokens } from '../wake/tokens.ts'
import type { Claimer } from './claim-side.ts'
import type { SettleOptions } from './operation-queue.ts'
import { PartitionTurns } from './partition-turns.ts'
import type { Settled, Settlement } from './settlement.ts'
import { Suspects } from './suspects.ts'

/** Who can say what it holds. */
export interface Holder extends Claimer {
  /** Conversations of a partition in hand, and their holds as Redis should have them. */
  holds(partition: number): ReadonlyMap<ConversationKey, string>
  /** Redis does not know that this process holds it: somebody else may. */
  lose(conversation: ConversationKey): void
}

/** A worker process's turns with all partitions. */
export interface Turns {
  /** Whose permit a suspect holds that this process claimed. */
  readonly suspects: Suspects
  /** The groups of bots whose work is claimed. */
  readonly groups: readonly string[]
  attach(box: BoxName, holder: Holder): void
  /** Claims no more for a box. */
  detach(box: BoxName): void
  /** Resolves when a turn has carried it out; rejects with `PoisonedTurnError` if Redis never can. */
  settle(partition: number, settlement: Settlement, options?: SettleOptions): Promise<Settled>
  /** Something of the box may be ready. */
  look(partition: number, box: BoxName): void
  /**
   * The same in the name of a token job; resolves when its claim was answered: whether work is left that is
   * not for this process now.
   */
  spend(partition: number, box: BoxName, group: string): Promise<boolean>
  /** Resolves when all turns that are under way are answered, and what they brought has begun. */
  answered(): Promise<void>
  /** Compares what Redis says this process holds with what it has in hand, in both directions. */
  reconcile(): Promise<void>
  close(): void
}

/** How turns are taken. */
export interface TurnsOptions {
  /**
   * A client for BullMQ workers (`maxRetriesPerRequest: null`): an unanswered script is repeated until it is
   * answered.
   */
  readonly redis: Redis
  readonly partitions: number
  readonly heartbeat: Heartbeat
  readonly tokens: Tokens
  /** The groups of bots that this process runs; default those of none. */
  readonly groups?: readonly string[]
  readonly maxOutbox?: { readonly replies: number; readonly bytes: number }
  readonly onTrouble?: (error: unknown) => void
}

const defaultMaxOutbox = { replies: 10_000, bytes: 64 * 1024 * 1024 }

/** Begins to take turns; boxes are attached by their drains. */
export function startTurns(options: TurnsOptions): Turns {
  const { partitions, heartbeat, tokens, maxOutbox = defaultMaxOutbox } = options
  const { groups = [noGroup], onTrouble = () => undefined } = options
  const homes = homesOf(options.redis, partitions)
  const redisOf = (partition: number) => partitionRedis(options.redis, partition)
  const { process } = heartbeat
  const suspects = new Suspects()
  const turns = Array.from(
    { length: partitions },
    (_, partition) =>
      new PartitionTurns({
        ...{
          redis: redisOf(partition),
          partition,
          partitions,
          process,
          groups,
          suspects,
          tokens,
          maxOutbox,
          onTrouble,
        },
      }),
  )
  const holders = new Map<BoxName, Holder>()

  /**
   * Holds that only one side knows are given up: by Redis what this process does not have, by this process
   * what Redis does not have.
   */
  async function reconcilePartition(partition: number): Promise<void> {
    const tag = partitionTag(partition)
    const redis = redisOf(partition)
    const inRedis = await redis.mailboxHolds(tag, process)
    for (const [i, box] of boxNames.entries()) {
      const mine = holders.get(box)?.holds(partition) ?? new Map<ConversationKey, string>()
      const unknown: string[] = []
      const confirmed = new Set<string>()
      for (const [conversation, hold] of pairs(inRedis[i]!)) {
        if (isSameHold(mine.get(conversation), hold)) confirmed.add(conversation)
        else unknown.push(conversation, hold)
      }
      for (const conversation of mine.keys())
        if (!confirmed.has(conversation)) holders.get(box)!.lose(conversation)
      if (unknown.length > 0 && (await redis.mailboxDropHolds(tag, process, box, ...unknown)) > 0) {
        turns[partition]!.sides[box].look()
      }
    }
  }

  const reconcile = async (of: readonly number[]) => {
    await Promise.all(of.map(partition => turns[partition]!.between(() => reconcilePartition(partition))))
  }
  heartbeat.onDoubt(of => void reconcile(of).catch(onTrouble))

  // A connection that was lost may come back to another primary: before it is looked at nothing is claimed.
  const unwatch = homes.map(home => {
    const holdClaims = (held: boolean) => {
      for (const partition of home.partitions) turns[partition]!.holdClaims(held)
    }
    let outages = 0
    // Neither throws: they begin a turn, whose failures are told as trouble.
    const onClose = () => {
      outages++
      holdClaims(true)
    }
    const onReady = () => {
      const over = outages
      // A beat from before another outage says nothing of the Redis after it.
      const goOn = () => over === outages && holdClaims(false)
      void heartbeat.nextBeat(home.partitions[0]).then(goOn, onTrouble)
    }
    // Never throws, see above.
    home.redis.on('close', onClose)
    home.redis.on('ready', onReady)
    return () => {
      home.redis.off('close', onClose)
      home.redis.off('ready', onReady)
    }
  })

  return {
    suspects,
    groups,
    attach(box, holder) {
      holders.set(box, holder)
      holder.places.onFree(() => {
        for (const turn of turns) turn.goOn()
      })
      for (const turn of turns) turn.sides[box].attach(holder)
    },
    detach(box) {
      for (const turn of turns) turn.sides[box].detach()
    },
    settle: (partition, settlement, options) => turns[partition]!.settle(settlement, options),
    look: (partition, box) => turns[partition]!.sides[box].look(),
    spend: (partition, box, group) => turns[partition]!.sides[box].spend(group),
    async answered() {
      await Promise.all(turns.map(turn => turn.between(async () => undefined)))
    },
    reconcile: () => reconcile([...turns.keys()]),
    close() {
      for (const end of unwatch) end()
    },
  }
}

/** Accept times may differ: of what it wrote itself a process knows only its own clock's. */
function isSameHold(mine: string | undefined, inRedis: string): boolean {
  return mine?.slice(0, mine.lastIndexOf(':')) === inRedis.slice(0, inRedis.lastIndexOf(':'))
}

function* pairs(flat: readonly string[]): Generator<[ConversationKey, string]> {
  for (let i = 0; i < flat.length; i += 2) yield [flat[i] as ConversationKey, flat[i + 1]!]
}
