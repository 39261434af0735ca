import {
  createAuditLog,
  createBotStore,
  createTenantStore,
  type TenantStore,
} from '@botyard/control-database'
import type { BotId } from '@botyard/queue-contracts'
import type { Actor } from '../actor.ts'
import { NoTenantsError, UnknownBotError, UnknownTenantError } from '../errors.ts'
import { announceChange } from './announce-change.ts'
import type { BotAdminDeps } from './bot-admin-deps.ts'
import { checkShape } from './check-credentials.ts'

/** Sets the credentials of one tenant of a bot; when this resolves, every live worker sends with them. */
export async function setTenant(
  deps: BotAdminDeps,
  actor: Actor,
  id: BotId,
  tenant: string,
  credentials: unknown,
): Promise<void> {
  const bot = await createBotStore(deps.db, deps.keyring).get(id)
  if (!bot) throw new UnknownBotError(id)
  const schema = deps.adapters[bot.platform].tenantCredentials
  if (!schema) throw new NoTenantsError(bot.platform)
  checkShape(schema, credentials)
  await change(deps, actor, 'tenant.set', id, tenant, tenants => tenants.set(id, tenant, credentials))
}

/** Removes one tenant of a bot and its credentials. */
export async function removeTenant(
  deps: BotAdminDeps,
  actor: Actor,
  id: BotId,
  tenant: string,
): Promise<void> {
  if (!(await createBotStore(deps.db, deps.keyring).get(id))) throw new UnknownBotError(id)
  await change(deps, actor, 'tenant.remove', id, tenant, tenants => tenants.remove(id, tenant))
}

async function change(
  deps: BotAdminDeps,
  actor: Actor,
  action: 'tenant.set' | 'tenant.remove',
  id: BotId,
  tenant: string,
  write: (tenants: TenantStore) => ReturnType<TenantStore['set']>,
): Promise<void> {
  const changed = await deps.db.transaction().execute(async trx => {
    const result = await write(createTenantStore(trx, deps.keyring))
    if (result.status === 'unknown') throw new UnknownTenantError(tenant, id)
    await createAuditLog(trx).append({
      actor: actor.subject,
      role: actor.role,
      action,
      target: id,
      details: { tenant },
    })
    return result.change
  })
  deps.security('security.credentials_changed', { bot: id, actor: actor.subject, action })
  await announceChange(deps, changed)
}
