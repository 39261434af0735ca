import type { BotId } from '@botyard/queue-contracts'
import type { Selectable } from 'kysely'
import { lockUntilCommit } from '../database/advisory-locks.ts'
import type { ControlDatabase } from '../database/control-database.ts'
import type { ControlSchema } from '../database/control-schema.ts'
import type { Bot } from './bot.ts'
import { profileOf } from './bot-rows.ts'

/** The bots that changed after the last change that a reader has seen. */
export interface BotChanges {
  /** The newest change within, or the one asked from if there is none. */
  readonly change: number
  readonly bots: readonly Bot[]
  readonly removed: readonly BotId[]
  /** Bots whose credentials could not be opened, and why: a key is missing, or the row was tampered with. */
  readonly unreadable: readonly { id: BotId; cause: unknown }[]
}

/**
 * Every write to a bot first takes this lock, so change numbers become visible in their order. A sequence
 * would not do: number 5 could commit before number 4, and a reader that has seen 5 would never ask for 4.
 */
export function lockBotChanges(trx: ControlDatabase): Promise<void> {
  return lockUntilCommit(trx, 'botChanges')
}

/** Gives a bot the next change number and returns it; the caller holds the lock. Removed bots keep theirs. */
export async function recordBotChange(trx: ControlDatabase, bot: BotId): Promise<number> {
  const { last } = await trx
    .selectFrom('bot_changes')
    .select(eb => eb.fn.max('change').as('last'))
    .executeTakeFirstOrThrow()
  const change = (last ?? 0) + 1
  await trx
    .insertInto('bot_changes')
    .values({ bot, change })
    .onConflict(oc => oc.column('bot').doUpdateSet({ change }))
    .execute()
  return change
}

/** The number of the last change of any bot, 0 if there was none. */
export async function lastBotChange(db: ControlDatabase): Promise<number> {
  const last = await db
    .selectFrom('bot_changes')
    .select(eb => eb.fn.max('change').as('change'))
    .executeTakeFirst()
  return last?.change ?? 0
}

/** Everything that changed after a change number; `open` gives the credentials in clear. */
export async function botChangesSince(
  db: ControlDatabase,
  change: number,
  open: (id: BotId, envelope: Buffer) => unknown,
): Promise<BotChanges> {
  const rows = await db
    .selectFrom('bot_changes')
    .leftJoin('bots', 'bots.id', 'bot_changes.bot')
    .selectAll('bots')
    .select(['bot_changes.bot', 'bot_changes.change'])
    .where('bot_changes.change', '>', change)
    .orderBy('bot_changes.change')
    .execute()
  const found: {
    change: number
    bots: Bot[]
    removed: BotId[]
    unreadable: { id: BotId; cause: unknown }[]
  } = {
    change: rows.at(-1)?.change ?? change,
    bots: [],
    removed: [],
    unreadable: [],
  }
  for (const row of rows) {
    if (row.id === null) {
      found.removed.push(row.bot)
      continue
    }
    const full = row as Selectable<ControlSchema['bots']>
    try {
      found.bots.push({ ...profileOf(full), credentials: open(full.id, full.credentials) })
    } catch (cause) {
      found.unreadable.push({ id: full.id, cause })
    }
  }
  return found
}
