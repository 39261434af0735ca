import { randomUUID } from 'node:crypto'
import type { BotId } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import { sql } from 'kysely'
import type { ControlDatabase } from '../database/control-database.ts'
import {
  type Broadcast,
  type BroadcastMessage,
  broadcastColumns,
  broadcastOf,
  contextOf,
  type Recipient,
  type RecipientResult,
} from './broadcast.ts'

/** Broadcasts as operators see them: uploaded, steered, and their results read. */
export interface BroadcastUploads {
  /** Begins a broadcast, which is `uploading` until `start`. */
  create(bot: BotId, message: BroadcastMessage): Promise<string>
  /** Adds a page of recipients, numbered from `from` on. */
  addRecipients(id: string, from: number, recipients: readonly Recipient[]): Promise<void>
  /** All recipients are there: it runs, or waits for `resume`. Rejects if it was ended meanwhile. */
  start(id: string, recipients: number, paused: boolean): Promise<Broadcast>
  get(bot: BotId, id: string): Promise<Broadcast | undefined>
  /** A bot's broadcasts, the newest first. */
  list(bot: BotId, limit: number): Promise<Broadcast[]>
  /** Steers one; undefined if there is none, or it is not in a state for it. */
  steer(bot: BotId, id: string, to: 'running' | 'paused' | 'cancelled'): Promise<Broadcast | undefined>
  /** A page of results in the recipients' order, from the number `from` on. */
  results(id: string, from: number, limit: number): Promise<RecipientResult[]>
}

/** The operators' half of the broadcast store. */
export function createBroadcastUploads(db: ControlDatabase, keyring: Keyring): BroadcastUploads {
  const seal = (value: unknown, context: string) => keyring.seal(Buffer.from(JSON.stringify(value)), context)
  const open = <T>(envelope: Buffer, context: string) =>
    JSON.parse(keyring.open(envelope, context).toString()) as T

  return {
    async create(bot, message) {
      const id = randomUUID()
      await db
        .insertInto('broadcasts')
        .values({ id, bot, state: 'uploading', message: seal(message, contextOf(id)) })
        .execute()
      return id
    },

    async addRecipients(id, from, recipients) {
      const numbers = recipients.map((_, i) => from + i)
      const sealed = recipients.map((recipient, i) => seal(recipient, contextOf(id, from + i)))
      await sql`insert into broadcast_recipients (broadcast, n, recipient)
        select ${id}, n, recipient from unnest(${numbers}::bigint[], ${sealed}::bytea[]) as page (n, recipient)`.execute(
        db,
      )
    },

    async start(id, recipients, paused) {
      const state = recipients === 0 ? 'done' : paused ? 'paused' : 'running'
      const row = await db
        .updateTable('broadcasts')
        .set({ state, recipients, ...(state === 'done' && { ended_at: sql<Date>`now()` }) })
        .where('id', '=', id)
        .where('state', '=', 'uploading')
        .returning(broadcastColumns)
        .executeTakeFirstOrThrow()
      return broadcastOf(row)
    },

    async get(bot, id) {
      const row = await db
        .selectFrom('broadcasts')
        .select(broadcastColumns)
        .where('bot', '=', bot)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && broadcastOf(row)
    },

    async list(bot, limit) {
      const rows = await db
        .selectFrom('broadcasts')
        .select(broadcastColumns)
        .where('bot', '=', bot)
        .orderBy('created_at', 'desc')
        .limit(limit)
        .execute()
      return rows.map(broadcastOf)
    },

    async steer(bot, id, to) {
      const row = await db
        .updateTable('broadcasts')
        .set({ state: to, ...(to === 'cancelled' && { ended_at: sql<Date>`now()` }) })
        .where('bot', '=', bot)
        .where('id', '=', id)
        .where('state', 'in', ['running', 'paused'])
        .returning(broadcastColumns)
        .executeTakeFirst()
      return row && broadcastOf(row)
    },

    async results(id, from, limit) {
      const rows = await db
        .selectFrom('broadcast_recipients')
        .selectAll()
        .where('broadcast', '=', id)
        .where('n', '>=', from)
        .orderBy('n')
        .limit(limit)
        .execute()
      return rows.map(({ n, recipient, outcome, reason, at }) => {
        const { conversation } = open<Recipient>(recipient, contextOf(id, n))
        return { n, conversation, outcome, reason, at }
      })
    },
  }
}
