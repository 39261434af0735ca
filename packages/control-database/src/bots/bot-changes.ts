import type { BotId } from '@botyard/queue-contracts'
import { lockUntilCommit } from '../database/advisory-locks.ts'
import type { ControlDatabase } from '../database/control-database.ts'

/**
 * Every write to a bot first takes this lock, so change numbers become visible in their order. A sequence would not do:
 * number 5 could commit before number 4, and who has read 5 would never ask for 4.
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
