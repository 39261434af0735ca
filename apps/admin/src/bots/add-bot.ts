import { type BotProfile, createAuditLog, createBotStore } from '@botyard/control-database'
import { type Actor, includesRole } from '../actor.ts'
import { BotExistsError, BotRemovedBeforeError } from '../errors.ts'
import { announceChange } from './announce-change.ts'
import type { BotAdminDeps } from './bot-admin-deps.ts'
import type { NewBotBody } from './bot-schemas.ts'
import { identifyChanged } from './identify-bot.ts'

/** Adds a bot that was checked; when this resolves, every live gateway and worker knows it. */
export async function addBot(deps: BotAdminDeps, actor: Actor, body: NewBotBody): Promise<BotProfile> {
  const { id, platform, handler, credentials, settings = {} } = body
  const bot = await deps.db.transaction().execute(async trx => {
    const result = await createBotStore(trx, deps.keyring).insert(
      { id, platform, handler, credentials, settings },
      { reuse: includesRole(actor.role, 'owner') },
    )
    if (result.status === 'exists') throw new BotExistsError(id)
    if (result.status === 'removed-before') throw new BotRemovedBeforeError(id)
    await createAuditLog(trx).append({
      actor: actor.subject,
      role: actor.role,
      action: 'bot.create',
      target: id,
      details: { platform, handler, settings },
    })
    return result.bot
  })

  deps.security('security.credentials_changed', { bot: id, actor: actor.subject, action: 'bot.create' })
  await announceChange(deps, bot.version)
  return identifyChanged(deps, bot)
}
