import { type BotProfile, createAuditLog, createBotStore } from '@botyard/control-database'
import type { BotId } from '@botyard/queue-contracts'
import type { Actor } from '../actor.ts'
import { BotReplacedError, UnknownBotError } from '../errors.ts'
import { announceChange } from './announce-change.ts'
import type { BotAdminDeps } from './bot-admin-deps.ts'
import type { BotPatchBody } from './bot-schemas.ts'
import { checkBot } from './check-bot.ts'
import { identifyChanged } from './identify-bot.ts'

/**
 * Changes a bot, if the patch fits and was not `refused` before; when this resolves, every live gateway and
 * worker works by the new values.
 */
export async function changeBot(
  deps: BotAdminDeps,
  actor: Actor,
  id: BotId,
  patch: BotPatchBody,
  refused?: Error,
): Promise<BotProfile> {
  const known = await createBotStore(deps.db, deps.keyring).get(id)
  if (!known) throw new UnknownBotError(id)
  await checkBot(deps, { id, platform: known.platform, body: patch, refused, isPatch: true })

  const bot = await deps.db.transaction().execute(async trx => {
    const result = await createBotStore(trx, deps.keyring).update(id, patch)
    if (result.status === 'unknown') throw new UnknownBotError(id)
    // Removed and added anew since we looked: the credentials were checked for the other platform.
    if (result.bot.platform !== known.platform) throw new BotReplacedError(id)
    const { credentials, ...shown } = patch
    await createAuditLog(trx).append({
      actor: actor.subject,
      role: actor.role,
      action: 'bot.change',
      target: id,
      details: { ...shown, credentialsReplaced: credentials !== undefined },
    })
    return result.bot
  })

  if (patch.credentials !== undefined)
    deps.security('security.credentials_changed', { bot: id, actor: actor.subject, action: 'bot.change' })
  await announceChange(deps, bot.version)
  return patch.credentials === undefined ? bot : identifyChanged(deps, bot)
}
