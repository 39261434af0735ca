import { createAuditLog, createBotStore } from '@botyard/control-database'
import type { Registration } from '@botyard/platforms'
import type { BotId } from '@botyard/queue-contracts'
import type { Actor } from '../actor.ts'
import { BotPollsError, NoRegistrationError, UnknownBotError } from '../errors.ts'
import type { BotAdminDeps } from './bot-admin-deps.ts'
import { webhookUrlOf } from './bot-schemas.ts'
import { checkShape } from './check-credentials.ts'

/** How long a platform may take to answer, in ms. */
const patienceMs = 15_000

/** What registering needs besides; `publicUrl` is the gateway's, without a slash at its end. */
export type RegisterDeps = BotAdminDeps & { readonly publicUrl: string }

/** Tells the platform to call this bot's webhook. */
export async function registerBot(
  deps: RegisterDeps,
  actor: Actor,
  id: BotId,
  options: Record<string, unknown>,
): Promise<Registration> {
  const { bot, registrar, url, network } = await find(deps, id)
  if (bot.settings.intake === 'polling') throw new BotPollsError(id)
  checkShape(registrar.options, options, '')
  const registration = await registrar.set(bot.credentials, url, options, network)
  await createAuditLog(deps.db).append({
    actor: actor.subject,
    role: actor.role,
    action: 'bot.register',
    target: id,
    details: { url, state: registration.state },
  })
  return registration
}

/** Asks the platform whether it calls this bot's webhook. */
export async function checkRegistration(deps: RegisterDeps, id: BotId): Promise<Registration> {
  const { bot, registrar, url, network } = await find(deps, id)
  return registrar.check(bot.credentials, url, network)
}

async function find(deps: RegisterDeps, id: BotId) {
  const bot = await createBotStore(deps.db, deps.keyring).open(id)
  if (!bot) throw new UnknownBotError(id)
  const url = webhookUrlOf(bot, deps.publicUrl)
  const registrar = deps.adapters[bot.platform].register
  if (!registrar) throw new NoRegistrationError(bot.platform, url)
  return {
    bot,
    registrar,
    url,
    network: { dispatcher: deps.targets.dispatcher, signal: AbortSignal.timeout(patienceMs) },
  }
}
