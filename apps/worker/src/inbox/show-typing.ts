import type { Bot } from '@botyard/control-database'
import type { PlatformAdapter } from '@botyard/platforms'
import type { InboundUpdate, Platform } from '@botyard/queue-contracts'
import type { Dispatcher } from 'undici'
import type { TenantCredentials } from '../outbox/tenant-credentials.ts'
import { addressed } from './address-reply.ts'

/** Shows "is typing" where the update came from. Nobody waits for it, and a failure of it is ignored. */
export type ShowTyping = (bot: Bot, update: InboundUpdate, signal: AbortSignal) => void

/** Typing goes past the outbox: it is worth something only while the handler still runs. */
export function createShowTyping(deps: {
  adapters: Readonly<Record<Platform, PlatformAdapter>>
  dispatcher: Dispatcher
  tenantCredentials: TenantCredentials
}): ShowTyping {
  const { adapters, dispatcher, tenantCredentials } = deps
  return (bot, update, signal) => {
    const adapter = adapters[bot.platform]
    if (!adapter.duties.sends?.typing) return
    const message = addressed(update, { action: 'typing' }, 'typing')
    tenantCredentials(bot.id, update.tenant)
      .then(own => adapter.send(message, bot.credentials, { dispatcher, signal, tenant: own }))
      .catch(() => undefined)
  }
}
