import type { Bot, BotDirectory } from '@botyard/control-database'
import type { BotOrder } from '@botyard/mailbox'
import { type BotId, type BoxName, boxNames } from '@botyard/queue-contracts'

/** What the mailboxes are told about whole bots. */
export interface BotOrders {
  /** Tells what has changed since the last time. */
  tell(): Promise<void>
  /** Takes nothing for told. */
  forget(): void
}

/**
 * Follows the bots' settings: which group of workers runs a bot, how many of its conversations run at once (a
 * cap holds per partition: with several, a bot's share of it), and that a bot that was changed sends again,
 * as its credentials may be good now.
 */
export function createBotOrders(deps: {
  bots: Pick<BotDirectory, 'all'>
  partitions: number
  give: (box: BoxName, bot: BotId, order: BotOrder) => Promise<void>
  /** Which bots each partition takes for members of which group. */
  groups: () => Promise<readonly ReadonlyMap<BotId, string>[]>
}): BotOrders {
  const { bots, partitions, give, groups } = deps
  const caps = new Map<BotId, number>()
  const versions = new Map<BotId, number>()
  let telling: Promise<void> = Promise.resolve()

  async function tellChanged(): Promise<void> {
    await tellGroups()
    const gone = new Set(caps.keys())
    for (const bot of bots.all()) {
      gone.delete(bot.id)
      await tellCap(bot)
      const before = versions.get(bot.id)
      if (before !== undefined && before !== bot.version) await give('outbox', bot.id, { do: 'resume' })
      versions.set(bot.id, bot.version)
    }
    for (const bot of gone) {
      await give('inbox', bot, { do: 'cap', most: 0 })
      caps.delete(bot)
    }
  }

  /**
   * Compares the settings with what Redis was told by any worker. Otherwise a bot that left its group while
   * no worker ran would stay in that group's rotation.
   */
  async function tellGroups(): Promise<void> {
    const told = await groups()
    const wanted = new Map<BotId, string>()
    for (const { id, settings } of bots.all())
      if (settings.group !== undefined) wanted.set(id, settings.group)
    const known = new Set([...wanted.keys(), ...told.flatMap(of => [...of.keys()])])
    for (const bot of known) {
      const group = wanted.get(bot)
      if (told.every(of => of.get(bot) === group)) continue
      for (const box of boxNames) await give(box, bot, { do: 'group', group })
    }
  }

  async function tellCap({ id, settings }: Bot): Promise<void> {
    const most = Math.ceil((settings.concurrency ?? 0) / partitions)
    if ((caps.get(id) ?? 0) === most) return
    await give('inbox', id, { do: 'cap', most })
    if (most === 0) caps.delete(id)
    else caps.set(id, most)
  }

  return {
    tell() {
      telling = telling.catch(() => undefined).then(tellChanged)
      return telling
    },
    forget() {
      for (const bot of caps.keys()) caps.set(bot, Number.NaN)
    },
  }
}
