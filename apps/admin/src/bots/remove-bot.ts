import {
  type BotProfile,
  createAuditLog,
  createBotStore,
  createErasureStore,
  type Erasure,
} from '@botyard/control-database'
import { removeBroadcastsOf } from '@botyard/control-database/broadcasts'
import type { BotId } from '@botyard/queue-contracts'
import type { Actor } from '../actor.ts'
import { UnknownBotError } from '../errors.ts'
import { announceChange } from './announce-change.ts'
import type { BotAdminDeps } from './bot-admin-deps.ts'

/** What became of a removed bot's data, for the operator. */
export interface RemovedBot {
  /** The order to erase what the bot knew of its users, if that was asked for. */
  readonly erasure: Erasure | undefined
  readonly kept: readonly string[]
}

/**
 * Removes a bot with its credentials, tenants and broadcasts; when this resolves, no live gateway accepts a
 * call for it. With `erase` the workers also delete its users' data, from an hour later on: until then its
 * handlers that are under way may write.
 */
export async function removeBot(
  deps: BotAdminDeps,
  actor: Actor,
  id: BotId,
  { erase }: { erase: boolean },
): Promise<RemovedBot> {
  // A page at a time, before the lock that all changes of bots wait for. If this breaks off, the bot is still
  // there, and the call is made again.
  await removeBroadcastsOf(deps.db, id)
  const { change, erasure, bot } = await deps.db.transaction().execute(async trx => {
    const result = await createBotStore(trx, deps.keyring).remove(id)
    if (result.status === 'unknown') throw new UnknownBotError(id)
    await createAuditLog(trx).append({
      actor: actor.subject,
      role: actor.role,
      action: 'bot.delete',
      target: id,
      details: { erase },
    })
    const { change, bot } = result
    return { change, bot, erasure: erase ? await createErasureStore(trx).order(bot) : undefined }
  })

  deps.security('security.credentials_changed', { bot: id, actor: actor.subject, action: 'bot.delete' })
  await announceChange(deps, change)
  return { erasure, kept: keptOf(bot, erase) }
}

/** What is still there afterwards, as sentences. */
function keptOf({ id, settings }: BotProfile, erase: boolean): string[] {
  const kept = [
    'The audit log.',
    `Updates that wait: each becomes a dead letter, which is deleted after 30 days.`,
  ]
  if (settings.userScope !== undefined) {
    kept.push(`The users of the scope ${settings.userScope}, which other bots may share.`)
  } else if (!erase) {
    kept.push(`What the bot knew of its users, and its dead letters. A new bot ${id} will not see them.`)
  }
  if (erase)
    kept.push('Rows in the bot’s own tables of people of whom it stored neither a profile nor a state.')
  return kept
}
