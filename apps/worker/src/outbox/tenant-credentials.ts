import type { BotDirectory, TenantStore } from '@botyard/control-database'
import type { BotId } from '@botyard/queue-contracts'

/**
 * The credentials of one tenant of a bot (a Slack workspace's token); undefined if the bot has none of its
 * own for it.
 */
export type TenantCredentials = (bot: BotId, tenant: string | undefined) => Promise<unknown>

/** Tenants remembered over all bots; about 300 bytes each. */
const remembered = 20_000

/**
 * Reads tenants' credentials when first needed and remembers them while their bot's version stands: every
 * change of a tenant is a change of its bot. Rejects while the control database is away and the tenant is not
 * remembered.
 */
export function createTenantCredentials(deps: {
  bots: Pick<BotDirectory, 'get'>
  tenants: Pick<TenantStore, 'credentials'>
}): TenantCredentials {
  const known = new Map<string, { version: number; credentials: Promise<unknown> }>()

  return async (bot, tenant) => {
    if (tenant === undefined) return undefined
    const version = deps.bots.get(bot)?.version ?? 0
    const name = `${bot}/${tenant}`
    const entry = known.get(name)
    if (entry?.version === version) return entry.credentials
    const credentials = deps.tenants.credentials(bot, tenant)
    if (known.size >= remembered) known.clear()
    known.set(name, { version, credentials })
    credentials.catch(() => known.delete(name))
    return credentials
  }
}
