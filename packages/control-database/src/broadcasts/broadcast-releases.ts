import type { BotId, BroadcastOutcome, BroadcastResult } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import { sql } from 'kysely'
import { inTransaction } from '../database/advisory-locks.ts'
import type { ControlDatabase } from '../database/control-database.ts'
import {
  type BroadcastMessage,
  broadcastColumns,
  broadcastOf,
  contextOf,
  type LeasedBroadcast,
  type Recipient,
} from './broadcast.ts'

/** Broadcasts as workers see them: leased, released to the outbox, and their results recorded. */
export interface BroadcastReleases {
  /**
   * Leases the running broadcasts that are free, and renews the runner's own, for `leaseMs`. Broadcasts that
   * no key here opens are in `unreadable` with the cause: hand them back.
   */
  lease(
    runner: string,
    leaseMs: number,
  ): Promise<{
    readonly broadcasts: LeasedBroadcast[]
    readonly unreadable: { id: string; cause: unknown }[]
  }>
  /** Gives a broadcast back for another runner, which may have the key to it. */
  handBack(id: string, runner: string): Promise<void>
  /** The recipients numbered from `from` on. */
  recipients(id: string, from: number, limit: number): Promise<(Recipient & { readonly n: number })[]>
  /**
   * Notes that all below `released` are in the outbox; false if the runner lost the broadcast or it no longer
   * runs.
   */
  release(id: string, runner: string, released: number): Promise<boolean>
  /**
   * Recipients of a bot that may be in the outbox: without a result yet, released, or among the `ahead` next
   * of their broadcast.
   */
  pending(bot: BotId, ahead: number): Promise<{ readonly broadcast: string; readonly n: number }[]>
  /** Recipients without a result below a number, the first of them. */
  outstanding(id: string, below: number, limit: number): Promise<(Recipient & { readonly n: number })[]>
  /** Notes results, each once; ends broadcasts whose last result came. */
  record(results: readonly BroadcastResult[]): Promise<void>
}

const ended = sql<boolean>`sent + failed + uncertain >= recipients`

/** The workers' half of the broadcast store. */
export function createBroadcastReleases(db: ControlDatabase, keyring: Keyring): BroadcastReleases {
  const open = <T>(envelope: Buffer, context: string) =>
    JSON.parse(keyring.open(envelope, context).toString()) as T

  return {
    async lease(runner, leaseMs) {
      const rows = await db
        .updateTable('broadcasts')
        .set({ runner, leased_until: sql<Date>`now() + ${leaseMs} * interval '1 millisecond'` })
        .where('state', '=', 'running')
        .where(eb =>
          eb.or([
            eb('runner', 'is', null),
            eb('runner', '=', runner),
            eb('leased_until', '<', sql<Date>`now()`),
          ]),
        )
        .returning([...broadcastColumns, 'message'])
        .execute()
      const broadcasts: LeasedBroadcast[] = []
      const unreadable: { id: string; cause: unknown }[] = []
      for (const row of rows) {
        try {
          broadcasts.push({
            ...broadcastOf(row),
            message: open<BroadcastMessage>(row.message, contextOf(row.id)),
          })
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

    async outstanding(id, below, limit) {
      const rows = await db
        .selectFrom('broadcast_recipients')
        .select(['n', 'recipient'])
        .where('broadcast', '=', id)
        .where('n', '<', below)
        .where('outcome', 'is', null)
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
  }
}

/** Only recipients without a result yet count: the mover may bring one twice. */
function recordOne(db: ControlDatabase, id: string, results: readonly BroadcastResult[]): Promise<void> {
  const numbers = results.map(({ n }) => n)
  // Their span, or Postgres, which has no statistics of recipients that were just uploaded, reads them all
  // for each page.
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
        // A recipient with a result was released, even if the worker that did so has not noted it yet.
        released: sql<number>`greatest(released, sent + failed + uncertain)`,
      })
      .where('id', '=', id)
      .where('state', 'in', ['running', 'paused'])
      .where(ended)
      .execute()
  })
}
