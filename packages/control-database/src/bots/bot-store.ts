import { randomUUID } from 'node:crypto'
import { type BotId, type BotIdentity, isAllKnown, type Platform } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import { type Selectable, sql } from 'kysely'
import { inTransaction } from '../database/advisory-locks.ts'
import type { ControlDatabase } from '../database/control-database.ts'
import type { ControlSchema } from '../database/control-schema.ts'
import type { Bot, BotProfile } from './bot.ts'
import { lockBotChanges, recordBotChange } from './bot-changes.ts'

/** What an operator says of a new bot. */
export type NewBot = Pick<Bot, 'id' | 'platform' | 'handler' | 'credentials' | 'settings'>

/** What may be changed; what is given replaces the old value whole. */
export type BotPatch = Partial<Pick<Bot, 'handler' | 'credentials' | 'settings'>>

/** The bots that differ from what a reader has seen. */
export interface BotChanges {
  /** The newest change within, or the one asked from if there is none. */
  readonly change: number
  readonly bots: readonly Bot[]
  readonly removed: readonly BotId[]
  /** Bots whose credentials could not be opened, and why: a key is missing, or the row was tampered with. */
  readonly unreadable: readonly { id: BotId; cause: unknown }[]
}

/** The bots in the control database. Writes join the transaction of `db`, if it is one; read committed is assumed. */
export interface BotStore {
  /** All bots by id, without credentials. */
  list(): Promise<BotProfile[]>
  get(id: BotId): Promise<BotProfile | undefined>
  /** A bot with its credentials in clear. */
  open(id: BotId): Promise<Bot | undefined>
  /** Adds a bot; `removed-before`: there was one of this id, and `reuse` does not allow to take the id again. */
  insert(
    bot: NewBot,
    options?: { reuse?: boolean },
  ): Promise<{ status: 'created'; bot: BotProfile } | { status: 'exists' } | { status: 'removed-before' }>
  update(id: BotId, patch: BotPatch): Promise<{ status: 'changed'; bot: BotProfile } | { status: 'unknown' }>
  /**
   * Adds to what is known of who a bot is, unless the bot is another version by now: its credentials may be those of somebody
   * else then.
   */
  identify(
    bot: Pick<Bot, 'id' | 'version'>,
    identity: BotIdentity,
  ): Promise<{ status: 'changed'; bot: BotProfile } | { status: 'unchanged' } | { status: 'superseded' }>
  /** Bots of these platforms of which nobody knows who they are. */
  unidentified(platforms: readonly Platform[]): Promise<Pick<Bot, 'id' | 'platform' | 'version'>[]>
  remove(id: BotId): Promise<{ status: 'removed'; change: number; bot: BotProfile } | { status: 'unknown' }>
  /** The number of the last change of any bot, 0 if there was none. */
  lastChange(): Promise<number>
  /** Everything that changed after a change number; 0 asks for all. */
  changesSince(change: number): Promise<BotChanges>
}

/** A store whose credentials are sealed by `keyring` under the context `bot:<id>`, so no row opens in another's place. */
export function createBotStore(db: ControlDatabase, keyring: Keyring): BotStore {
  const seal = (id: BotId, credentials: unknown) => keyring.seal(Buffer.from(JSON.stringify(credentials)), context(id))
  const open = (id: BotId, envelope: Buffer): unknown => JSON.parse(keyring.open(envelope, context(id)).toString())

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
        const before = await trx.selectFrom('bot_changes').select('bot').where('bot', '=', bot.id).executeTakeFirst()
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
            ...(patch.credentials !== undefined && { credentials: seal(id, patch.credentials), identity: null }),
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
        const gone = await trx.deleteFrom('bots').where('id', '=', id).returning(profileColumns).executeTakeFirst()
        if (!gone) return { status: 'unknown' }
        return { status: 'removed', change: await recordBotChange(trx, id), bot: profileOf(gone) }
      }),

    async lastChange() {
      const last = await db
        .selectFrom('bot_changes')
        .select(eb => eb.fn.max('change').as('change'))
        .executeTakeFirst()
      return last?.change ?? 0
    },

    async changesSince(change) {
      const rows = await db
        .selectFrom('bot_changes')
        .leftJoin('bots', 'bots.id', 'bot_changes.bot')
        .selectAll('bots')
        .select(['bot_changes.bot', 'bot_changes.change'])
        .where('bot_changes.change', '>', change)
        .orderBy('bot_changes.change')
        .execute()
      const found: { change: number; bots: Bot[]; removed: BotId[]; unreadable: { id: BotId; cause: unknown }[] } = {
        change: rows.at(-1)?.change ?? change,
        bots: [],
        removed: [],
        unreadable: [],
      }
      for (const row of rows) {
        if (row.id === null) {
          found.removed.push(row.bot)
          continue
        }
        const full = row as Selectable<ControlSchema['bots']>
        try {
          found.bots.push({ ...profileOf(full), credentials: open(full.id, full.credentials) })
        } catch (cause) {
          found.unreadable.push({ id: full.id, cause })
        }
      }
      return found
    },
  }
}

const profileColumns = [
  'id',
  'uid',
  'recreated',
  'platform',
  'handler',
  'settings',
  'identity',
  'version',
  'created_at',
  'updated_at',
] as const

function profileOf(row: Omit<Selectable<ControlSchema['bots']>, 'credentials'>): BotProfile {
  return {
    id: row.id,
    uid: row.uid,
    recreated: row.recreated,
    platform: row.platform,
    handler: row.handler,
    settings: row.settings,
    ...(row.identity !== null && { identity: row.identity }),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function context(id: BotId): string {
  return `bot:${id}`
}
