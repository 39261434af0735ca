import { randomUUID } from 'node:crypto'
import { type BotId, type BotIdentity, isAllKnown, type Platform } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import { sql } from 'kysely'
import { inTransaction } from '../database/advisory-locks.ts'
import type { ControlDatabase } from '../database/control-database.ts'
import type { Bot, BotPatch, BotProfile, NewBot } from './bot.ts'
import {
  type BotChanges,
  botChangesSince,
  lastBotChange,
  lockBotChanges,
  recordBotChange,
} from './bot-changes.ts'
import { contextOf, profileColumns, profileOf } from './bot-rows.ts'

/**
 * The bots in the control database. Writes join the transaction of `db`, if it is one; read committed is
 * assumed.
 */
export interface BotStore {
  /** All bots by id, without credentials. */
  list(): Promise<BotProfile[]>
  get(id: BotId): Promise<BotProfile | undefined>
  /** A bot with its credentials in clear. */
  open(id: BotId): Promise<Bot | undefined>
  /**
   * Adds a bot; `removed-before`: there was one of this id, and `reuse` does not allow to take the id again.
   */
  insert(
    bot: NewBot,
    options?: { reuse?: boolean },
  ): Promise<{ status: 'created'; bot: BotProfile } | { status: 'exists' } | { status: 'removed-before' }>
  update(id: BotId, patch: BotPatch): Promise<{ status: 'changed'; bot: BotProfile } | { status: 'unknown' }>
  /**
   * Adds to the known identity of a bot, unless the bot has another version by now: its new credentials may
   * be another bot's.
   */
  identify(
    bot: Pick<Bot, 'id' | 'version'>,
    identity: BotIdentity,
  ): Promise<{ status: 'changed'; bot: BotProfile } | { status: 'unchanged' } | { status: 'superseded' }>
  /** Bots of these platforms whose identity is not known yet. */
  unidentified(platforms: readonly Platform[]): Promise<Pick<Bot, 'id' | 'platform' | 'version'>[]>
  /** Removes a bot with its tenants, and with broadcasts that `removeBroadcastsOf` has left. */
  remove(id: BotId): Promise<{ status: 'removed'; change: number; bot: BotProfile } | { status: 'unknown' }>
  /** The number of the last change of any bot, 0 if there was none. */
  lastChange(): Promise<number>
  /** Everything that changed after a change number; 0 asks for all. */
  changesSince(change: number): Promise<BotChanges>
}

/**
 * A store whose credentials are sealed by `keyring` under the context `bot:<id>`, so no row opens in
 * another's place.
 */
export function createBotStore(db: ControlDatabase, keyring: Keyring): BotStore {
  const seal = (id: BotId, credentials: unknown) =>
    keyring.seal(Buffer.from(JSON.stringify(credentials)), contextOf(id))
  const open = (id: BotId, envelope: Buffer): unknown =>
    JSON.parse(keyring.open(envelope, contextOf(id)).toString())

  return {
    async list() {
      const rows = await db.selectFrom('bots').select(profileColumns).orderBy('id').execute()
      return rows.map(profileOf)
    },

    async get(id) {
      const row = await db.selectFrom('bots').select(profileColumns).where('id', '=', id).executeTakeFirst()
      return row && profileOf(row)
    },

    async open(id) {
      const row = await db.selectFrom('bots').selectAll().where('id', '=', id).executeTakeFirst()
      return row && { ...profileOf(row), credentials: open(row.id, row.credentials) }
    },

    insert: (bot, { reuse = false } = {}) =>
      inTransaction(db, async trx => {
        await lockBotChanges(trx)
        const known = await trx.selectFrom('bots').select('id').where('id', '=', bot.id).executeTakeFirst()
        if (known) return { status: 'exists' }
        const before = await trx
          .selectFrom('bot_changes')
          .select('bot')
          .where('bot', '=', bot.id)
          .executeTakeFirst()
        if (before && !reuse) return { status: 'removed-before' }
        const row = await trx
          .insertInto('bots')
          .values({
            id: bot.id,
            uid: randomUUID(),
            recreated: before !== undefined,
            platform: bot.platform,
            handler: bot.handler,
            credentials: seal(bot.id, bot.credentials),
            settings: JSON.stringify(bot.settings),
            version: await recordBotChange(trx, bot.id),
          })
          .returning(profileColumns)
          .executeTakeFirstOrThrow()
        return { status: 'created', bot: profileOf(row) }
      }),

    update: (id, patch) =>
      inTransaction(db, async trx => {
        await lockBotChanges(trx)
        const known = await trx.selectFrom('bots').select('id').where('id', '=', id).executeTakeFirst()
        if (!known) return { status: 'unknown' }
        const row = await trx
          .updateTable('bots')
          .set({
            ...(patch.handler !== undefined && { handler: patch.handler }),
            ...(patch.credentials !== undefined && {
              credentials: seal(id, patch.credentials),
              identity: null,
            }),
            ...(patch.settings !== undefined && { settings: JSON.stringify(patch.settings) }),
            version: await recordBotChange(trx, id),
            updated_at: sql<Date>`now()`,
          })
          .where('id', '=', id)
          .returning(profileColumns)
          .executeTakeFirstOrThrow()
        return { status: 'changed', bot: profileOf(row) }
      }),

    identify: ({ id, version }, identity) =>
      inTransaction(db, async trx => {
        await lockBotChanges(trx)
        const known = await trx
          .selectFrom('bots')
          .select(['version', 'identity'])
          .where('id', '=', id)
          .executeTakeFirst()
        if (known?.version !== version) return { status: 'superseded' }
        if (isAllKnown(known.identity ?? undefined, identity)) return { status: 'unchanged' }
        const row = await trx
          .updateTable('bots')
          .set({
            identity: sql`coalesce(identity, '{}') || ${JSON.stringify(identity)}::jsonb`,
            version: await recordBotChange(trx, id),
          })
          .where('id', '=', id)
          .returning(profileColumns)
          .executeTakeFirstOrThrow()
        return { status: 'changed', bot: profileOf(row) }
      }),

    unidentified: platforms =>
      db
        .selectFrom('bots')
        .select(['id', 'platform', 'version'])
        .where('identity', 'is', null)
        .where('platform', 'in', platforms)
        .orderBy('id')
        .execute(),

    remove: id =>
      inTransaction(db, async trx => {
        await lockBotChanges(trx)
        const gone = await trx
          .deleteFrom('bots')
          .where('id', '=', id)
          .returning(profileColumns)
          .executeTakeFirst()
        if (!gone) return { status: 'unknown' }
        return { status: 'removed', change: await recordBotChange(trx, id), bot: profileOf(gone) }
      }),

    lastChange: () => lastBotChange(db),
    changesSince: change => botChangesSince(db, change, open),
  }
}
