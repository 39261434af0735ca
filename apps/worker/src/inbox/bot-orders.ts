import type { BotDirectory } from '@botyard/control-database'
import type { BotOrder, StandingOrders } from '@botyard/mailbox'
import { type BotId, type BoxName, boxNames } from '@botyard/queue-contracts'

/** What the mailboxes are told about whole bots. */
export interface BotOrders {
  /** Tells what has changed since the last time. */
  tell(): Promise<void>
  /** Has the next `tell` ask Redis what it was told. */
  forget(): void
}

/** The partitions were told different things, or nobody knows. */
const unclear = Symbol('unclear')
/** What a bot was told, of the bots that were told something. */
type Told<V> = Map<BotId, V | typeof unclear>

/** What Redis was told: a group holds for both boxes, a cap for handlers alone. */
interface ToldOrders {
  readonly caps: Told<number>
  readonly groups: Readonly<Record<BoxName, Told<string>>>
}

/**
 * Follows the bots' settings: which group of workers runs a bot, how many of its conversations run at once (a
 * cap holds per partition: with several, a bot's share of it), and that a bot that was changed sends again,
 * as its credentials may be good now.
 *
 * The settings are compared with the orders in Redis, those of earlier workers included. A cap may have been
 * removed while no worker ran. A worker may have died after it told one box of two about a group.
 */
export function createBotOrders(deps: {
  bots: Pick<BotDirectory, 'all'>
  partitions: number
  give: (box: BoxName, bot: BotId, order: BotOrder) => Promise<void>
  /** The orders that stand in a box, for each partition. */
  standing: (box: BoxName) => Promise<readonly StandingOrders[]>
}): BotOrders {
  const { bots, partitions, give, standing } = deps
  const versions = new Map<BotId, number>()
  let told: ToldOrders | undefined
  let telling: Promise<void> = Promise.resolve()

  async function readTold(): Promise<ToldOrders> {
    const [inbox, outbox] = await Promise.all([standing('inbox'), standing('outbox')])
    const groupsOf = (box: readonly StandingOrders[]) => agreed(box.map(({ groups }) => groups))
    return {
      caps: agreed(inbox.map(({ caps }) => caps)),
      groups: { inbox: groupsOf(inbox), outbox: groupsOf(outbox) },
    }
  }

  async function tellChanged(): Promise<void> {
    told ??= await readTold()
    const { caps, groups } = told
    const wanted = { caps: new Map<BotId, number>(), groups: new Map<BotId, string>() }
    for (const { id, settings } of bots.all()) {
      if (settings.concurrency) wanted.caps.set(id, Math.ceil(settings.concurrency / partitions))
      if (settings.group !== undefined) wanted.groups.set(id, settings.group)
    }
    for (const box of boxNames)
      await tellEach(groups[box], wanted.groups, (bot, group) => give(box, bot, { do: 'group', group }))
    await tellEach(caps, wanted.caps, (bot, most = 0) => give('inbox', bot, { do: 'cap', most }))
    for (const { id, version } of bots.all()) {
      const before = versions.get(id)
      if (before !== undefined && before !== version) await give('outbox', id, { do: 'resume' })
      versions.set(id, version)
    }
  }

  return {
    tell() {
      telling = telling.catch(() => undefined).then(tellChanged)
      return telling
    },
    forget() {
      told = undefined
    },
  }
}

/** What all partitions were told alike. */
function agreed<V>(partitions: readonly ReadonlyMap<BotId, V>[]): Told<V> {
  const told: Told<V> = new Map()
  for (const bot of new Set(partitions.flatMap(orders => [...orders.keys()]))) {
    const [first, ...others] = partitions.map(orders => orders.get(bot))
    told.set(bot, first !== undefined && others.every(value => value === first) ? first : unclear)
  }
  return told
}

/** Tells each bot of which something else is wanted than it was told; undefined: nothing is. */
async function tellEach<V>(
  told: Told<V>,
  wanted: ReadonlyMap<BotId, V>,
  tell: (bot: BotId, value: V | undefined) => Promise<void>,
): Promise<void> {
  for (const bot of new Set([...told.keys(), ...wanted.keys()])) {
    const value = wanted.get(bot)
    if (told.get(bot) === value) continue
    // Some partitions may be told and others not.
    told.set(bot, unclear)
    await tell(bot, value)
    if (value === undefined) told.delete(bot)
    else told.set(bot, value)
  }
}
