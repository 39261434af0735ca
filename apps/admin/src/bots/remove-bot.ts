import type { BotId } from '@botyard/queue-contracts'
import { createAuditLog, createBotStore } from '@botyard/shard-routing'
import type { Actor } from '../actor.ts'
import { UnknownBotError } from '../errors.ts'
import { announceChange } from './announce-change.ts'
import type { BotAdminDeps } from './bot-admin-deps.ts'

/** Removes a bot and its credentials; when this resolves, no live gateway accepts a call for it. */
export async function removeBot(deps: BotAdminDeps, actor: Actor, id: BotId): Promise<void> {
  const change = await deps.db.transaction().execute(async trx => {
    const result = await createBotStore(trx, deps.keyring).remove(id)
    if (result.status === 'unknown') throw new UnknownBotError(id)
    await createAuditLog(trx).append({
      actor: actor.subject,
      role: actor.role,
      action: 'bot.delete',
      target: id,
      details: {},
    })
    return result.change
  })

  deps.security('security.credentials_changed', { bot: id, actor: actor.subject, action: 'bot.delete' })
  await announceChange(deps, change)
}
