import type { BotId } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import { sql } from 'kysely'
import { inTransaction } from '../database/advisory-locks.ts'
import type { ControlDatabase } from '../database/control-database.ts'
import { lockBotChanges, recordBotChange } from './bot-changes.ts'

/** A tenant of a bot, as it may be shown. */
export interface Tenant {
  readonly tenant: string
  readonly updatedAt: Date
}

/** The result of a write. Every change of a tenant is a change of its bot. */
export type TenantChange = { status: 'changed'; change: number } | { status: 'unknown' }

/**
 * The tenants of bots: credentials that a platform gives per installation, such as a Slack workspace's token.
 */
export interface TenantStore {
  /** A bot's tenants in order, after `after`, `limit` at most. */
  list(bot: BotId, options: { after?: string | undefined; limit: number }): Promise<Tenant[]>
  /** Sets a tenant's credentials; `unknown` if there is no such bot. */
  set(bot: BotId, tenant: string, credentials: unknown): Promise<TenantChange>
  /** Removes a tenant; `unknown` if there is none. */
  remove(bot: BotId, tenant: string): Promise<TenantChange>
  /** A tenant's credentials in clear: for sending, never for an answer or a log. */
  credentials(bot: BotId, tenant: string): Promise<unknown>
}

/** A store whose credentials are sealed by `keyring`, so that no row opens in another's place. */
export function createTenantStore(db: ControlDatabase, keyring: Keyring): TenantStore {
  return {
    async list(bot, { after, limit }) {
      let query = db
        .selectFrom('bot_tenants')
        .select(['tenant', 'updated_at as updatedAt'])
        .where('bot', '=', bot)
      if (after !== undefined) query = query.where('tenant', '>', after)
      return query.orderBy('tenant').limit(limit).execute()
    },

    set: (bot, tenant, credentials) =>
      inTransaction(db, async trx => {
        await lockBotChanges(trx)
        const known = await trx.selectFrom('bots').select('id').where('id', '=', bot).executeTakeFirst()
        if (!known) return { status: 'unknown' }
        const sealed = keyring.seal(Buffer.from(JSON.stringify(credentials)), contextOf(bot, tenant))
        await trx
          .insertInto('bot_tenants')
          .values({ bot, tenant, credentials: sealed })
          .onConflict(oc =>
            oc.columns(['bot', 'tenant']).doUpdateSet({ credentials: sealed, updated_at: sql<Date>`now()` }),
          )
          .execute()
        return { status: 'changed', change: await touch(trx, bot) }
      }),

    remove: (bot, tenant) =>
      inTransaction(db, async trx => {
        await lockBotChanges(trx)
        const gone = await trx
          .deleteFrom('bot_tenants')
          .where('bot', '=', bot)
          .where('tenant', '=', tenant)
          .returning('tenant')
          .executeTakeFirst()
        if (!gone) return { status: 'unknown' }
        return { status: 'changed', change: await touch(trx, bot) }
      }),

    async credentials(bot, tenant) {
      const row = await db
        .selectFrom('bot_tenants')
        .select('credentials')
        .where('bot', '=', bot)
        .where('tenant', '=', tenant)
        .executeTakeFirst()
      return row && JSON.parse(keyring.open(row.credentials, contextOf(bot, tenant)).toString())
    },
  }
}

/** Gives the bot a new version, so that every process drops the tenants that it has in memory. */
async function touch(trx: ControlDatabase, bot: BotId): Promise<number> {
  const version = await recordBotChange(trx, bot)
  await trx.updateTable('bots').set({ version }).where('id', '=', bot).execute()
  return version
}

function contextOf(bot: BotId, tenant: string): string {
  return `tenant:${bot}:${tenant}`
}
