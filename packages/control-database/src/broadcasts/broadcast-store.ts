import { randomUUID } from 'node:crypto'
import type { BotId, BroadcastOutcome, BroadcastResult } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import { type Selectable, sql } from 'kysely'
import { inTransaction } from '../database/advisory-locks.ts'
import type { ControlDatabase } from '../database/control-database.ts'
import type { ControlSchema } from '../database/control-schema.ts'

/** What a broadcast says to everybody: text, or the platform's own message. */
export type BroadcastMessage = { readonly text: string } | { readonly native: Record<string, unknown> }

/** Whom it is for: the platform's own chat id, and what its adapter needs besides. */
export interface Recipient {
  readonly conversation: string
  readonly tenant?: string
  readonly route?: Record<string, string>
}

/** A broadcast and how far it is. `released` recipients are in the outbox or beyond it. */
export interface Broadcast {
  readonly id: string
  readonly bot: BotId
  readonly state: 'uploading' | 'running' | 'paused' | 'cancelled' | 'done'
  readonly recipients: number
  readonly released: number
  readonly sent: number
  readonly failed: number
  readonly uncertain: number
  readonly createdAt: Date
  readonly endedAt: Date | null
}

/** What became of one recipient; no outcome: not released, or on its way. */
export interface RecipientResult {
  readonly n: number
  readonly conversation: string
  readonly outcome: BroadcastOutcome | null
  readonly reason: string | null
  readonly at: Date | null
}

/** A broadcast that a runner holds, with its message in clear. */
export type LeasedBroadcast = Broadcast & { readonly message: BroadcastMessage }

/** The broadcasts of the control database. */
export interface BroadcastStore {
  /** Begins one; it is `uploading` until {@link start}. */
  create(bot: BotId, message: BroadcastMessage): Promise<string>
  /** Adds a page of recipients, numbered from `from` on. */
  addRecipients(id: string, from: number, recipients: readonly Recipient[]): Promise<void>
  /** All recipients are there: it runs, or waits for `resume`. */
  start(id: string, recipients: number, paused: boolean): Promise<Broadcast>
  /** Removes one whose upload broke off: nothing of it was sent. */
  abandon(id: string): Promise<void>
  get(bot: BotId, id: string): Promise<Broadcast | undefined>
  /** A bot's broadcasts, the newest first. */
  list(bot: BotId, limit: number): Promise<Broadcast[]>
  /** Steers one; undefined if there is none, or it is not in a state for it. */
  steer(bot: BotId, id: string, to: 'running' | 'paused' | 'cancelled'): Promise<Broadcast | undefined>
  /** A page of results in the recipients' order, from the number `from` on. */
  results(id: string, from: number, limit: number): Promise<RecipientResult[]>
  /**
   * Takes or keeps broadcasts to run: those that run and nobody alive holds, for `leaseMs` more. What cannot be opened here is named in
   * `unreadable`, by id and why: to be handed back.
   */
  lease(
    runner: string,
    leaseMs: number,
  ): Promise<{ readonly broadcasts: LeasedBroadcast[]; readonly unreadable: { id: string; cause: unknown }[] }>
  /** Leaves a broadcast to another runner, who may have the key to it. */
  handBack(id: string, runner: string): Promise<void>
  /** The recipients numbered from `from` on. */
  recipients(id: string, from: number, limit: number): Promise<(Recipient & { readonly n: number })[]>
  /** Notes that all below `released` are in the outbox; false if the runner lost the broadcast or it no longer runs. */
  release(id: string, runner: string, released: number): Promise<boolean>
  /** Recipients of a bot that may be in the outbox: without a result yet, released, or among the `ahead` next of their broadcast. */
  pending(bot: BotId, ahead: number): Promise<{ readonly broadcast: string; readonly n: number }[]>
  /** Notes results, each once; ends broadcasts whose last result came. */
  record(results: readonly BroadcastResult[]): Promise<void>
  /** Deletes broadcasts that ended before a time, and uploads that broke off before it; returns how many. */
  prune(olderThan: Date): Promise<number>
}

const ended = sql<boolean>`sent + failed + uncertain >= recipients`

/** The store; messages and recipients are sealed by `keyring`. */
export function createBroadcastStore(db: ControlDatabase, keyring: Keyring): BroadcastStore {
  const seal = (value: unknown, context: string) => keyring.seal(Buffer.from(JSON.stringify(value)), context)
  const open = <T>(envelope: Buffer, context: string) => JSON.parse(keyring.open(envelope, context).toString()) as T

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
        .returning(columns)
        .executeTakeFirstOrThrow()
      return broadcastOf(row)
    },

    async abandon(id) {
      await db.deleteFrom('broadcasts').where('id', '=', id).where('state', '=', 'uploading').execute()
    },

    async get(bot, id) {
      const row = await db
        .selectFrom('broadcasts')
        .select(columns)
        .where('bot', '=', bot)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && broadcastOf(row)
    },

    async list(bot, limit) {
      const rows = await db
        .selectFrom('broadcasts')
        .select(columns)
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
        .returning(columns)
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

    async lease(runner, leaseMs) {
      const rows = await db
        .updateTable('broadcasts')
        .set({ runner, leased_until: sql<Date>`now() + ${leaseMs} * interval '1 millisecond'` })
        .where('state', '=', 'running')
        .where(eb =>
          eb.or([eb('runner', 'is', null), eb('runner', '=', runner), eb('leased_until', '<', sql<Date>`now()`)]),
        )
        .returning([...columns, 'message'])
        .execute()
      const broadcasts: LeasedBroadcast[] = []
      const unreadable: { id: string; cause: unknown }[] = []
      for (const row of rows) {
        try {
          broadcasts.push({ ...broadcastOf(row), message: open<BroadcastMessage>(row.message, contextOf(row.id)) })
        } catch (cause) {
          unreadable.push({ id: row.id, cause })
        }
      }
      return { broadcasts, unreadable }
    },

    async handBack(id, runner) {
      await db
        .updateTable('broadcasts')
        .set({ runner: null, leased_until: null })
        .where('id', '=', id)
        .where('runner', '=', runner)
        .execute()
    },

    async recipients(id, from, limit) {
      const rows = await db
        .selectFrom('broadcast_recipients')
        .select(['n', 'recipient'])
        .where('broadcast', '=', id)
        .where('n', '>=', from)
        .orderBy('n')
        .limit(limit)
        .execute()
      return rows.map(({ n, recipient }) => ({ n, ...open<Recipient>(recipient, contextOf(id, n)) }))
    },

    async release(id, runner, released) {
      const row = await db
        .updateTable('broadcasts')
        .set({ released: sql<number>`greatest(released, ${released})` })
        .where('id', '=', id)
        .where('runner', '=', runner)
        .returning('state')
        .executeTakeFirst()
      return row?.state === 'running'
    },

    async pending(bot, ahead) {
      return db
        .selectFrom('broadcast_recipients as r')
        .innerJoin('broadcasts as b', 'b.id', 'r.broadcast')
        .select(['r.broadcast', 'r.n'])
        .where('b.bot', '=', bot)
        .where('b.ended_at', 'is', null)
        .where('r.outcome', 'is', null)
        .where('r.n', '<', sql<number>`b.released + ${ahead}`)
        .execute()
    },

    async record(results) {
      for (const [id, own] of Map.groupBy(results, result => result.broadcast)) await recordOne(db, id, own)
    },

    async prune(olderThan) {
      const { numDeletedRows } = await db
        .deleteFrom('broadcasts')
        .where(eb =>
          eb.or([
            eb('ended_at', '<', olderThan),
            eb.and([eb('state', '=', 'uploading'), eb('created_at', '<', olderThan)]),
          ]),
        )
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

/** Only recipients without a result yet count: the mover may bring one twice. */
function recordOne(db: ControlDatabase, id: string, results: readonly BroadcastResult[]): Promise<void> {
  const numbers = results.map(({ n }) => n)
  // Their span, or Postgres, which has no statistics of recipients that were just uploaded, reads them all for each page.
  const [from, to] = [Math.min(...numbers), Math.max(...numbers)]
  return inTransaction(db, async trx => {
    const { rows } = await sql<{ outcome: BroadcastOutcome }>`
      update broadcast_recipients r set outcome = page.outcome, reason = page.reason, at = to_timestamp(page.at / 1000.0)
      from unnest(
        ${numbers}::bigint[], ${results.map(({ outcome }) => outcome)}::text[],
        ${results.map(({ reason }) => reason ?? null)}::text[], ${results.map(({ atMs }) => atMs)}::float8[]
      ) as page (n, outcome, reason, at)
      where r.broadcast = ${id} and r.n between ${from} and ${to} and r.n = page.n and r.outcome is null
      returning r.outcome`.execute(trx)
    const count = (outcome: BroadcastOutcome) => rows.filter(row => row.outcome === outcome).length
    await trx
      .updateTable('broadcasts')
      .set({
        sent: sql<number>`sent + ${count('sent')}`,
        failed: sql<number>`failed + ${count('failed')}`,
        uncertain: sql<number>`uncertain + ${count('uncertain')}`,
      })
      .where('id', '=', id)
      .execute()
    await trx
      .updateTable('broadcasts')
      .set({
        ...{ state: 'done', ended_at: sql<Date>`now()`, runner: null, leased_until: null },
        // Who has a result was released, also if the worker that did so has not noted it yet.
        released: sql<number>`greatest(released, sent + failed + uncertain)`,
      })
      .where('id', '=', id)
      .where('state', 'in', ['running', 'paused'])
      .where(ended)
      .execute()
  })
}

const columns = [
  'id',
  'bot',
  'state',
  'recipients',
  'released',
  'sent',
  'failed',
  'uncertain',
  'created_at',
  'ended_at',
] as const

type Row = Pick<Selectable<ControlSchema['broadcasts']>, (typeof columns)[number]>

function broadcastOf({ created_at: createdAt, ended_at: endedAt, ...row }: Row): Broadcast {
  const { id, bot, state, recipients, released, sent, failed, uncertain } = row
  return { id, bot, state, recipients, released, sent, failed, uncertain, createdAt, endedAt }
}

function contextOf(id: string, n?: number): string {
  return n === undefined ? `broadcast:${id}` : `broadcast:${id}:${n}`
}
