import type { Keyring } from '@botyard/service-kit'
import { type Kysely, sql } from 'kysely'
import { inTransaction, lockUntilCommit } from '../database/advisory-locks.ts'
import type { ControlDatabase } from '../database/control-database.ts'
import type { ControlSchema } from '../database/control-schema.ts'

/** A user shard: one logical database, on a primary and its standbys. */
export interface Shard {
  readonly id: string
  /** The urls of all its servers, postgres://, with passwords: never for an answer or a log. */
  readonly hosts: readonly string[]
  /** Its servers without PgBouncer in between, where `hosts` are PgBouncers: for migrations and moves. */
  readonly directHosts?: readonly string[] | undefined
}

/** The result of a registration; `change` is the number to announce. */
export type ShardRegistration = { status: 'registered' | 'changed'; change: number } | { status: 'same' }

/** The user shards in the control database. */
export interface ShardStore {
  /** All shards by id; rejects if one cannot be read, unless `onUnreadable` is told of it instead. */
  list(onUnreadable?: (id: string, cause: unknown) => void): Promise<Shard[]>
  /** Adds a shard, or gives it other hosts. A new shard has no users until the map gives it ranges. */
  register(shard: Shard): Promise<ShardRegistration>
  /** The number of the last change of any shard or of the map, 0 if there was none. */
  lastChange(): Promise<number>
}

/** A store whose hosts are sealed by `keyring`: their urls hold passwords. */
export function createShardStore(db: ControlDatabase, keyring: Keyring): ShardStore {
  const open = (id: string, envelope: Buffer) => keyring.open(envelope, contextOf(id)).toString()

  return {
    async list(onUnreadable) {
      const rows = await db.selectFrom('shards').select(['id', 'hosts']).orderBy('id').execute()
      return rows.flatMap(({ id, hosts }) => {
        try {
          return [{ id, ...(JSON.parse(open(id, hosts)) as Omit<Shard, 'id'>) }]
        } catch (error) {
          if (onUnreadable === undefined) throw error
          onUnreadable(id, error)
          return []
        }
      })
    },

    register: ({ id, hosts, directHosts }) =>
      inTransaction(db, async trx => {
        await lockUntilCommit(trx, 'shardChanges')
        const known = await trx.selectFrom('shards').select('hosts').where('id', '=', id).executeTakeFirst()
        const json = JSON.stringify({ hosts, directHosts })
        if (known && open(id, known.hosts) === json) return { status: 'same' }
        const row = {
          hosts: keyring.seal(Buffer.from(json), contextOf(id)),
          version: await nextShardChange(trx),
        }
        await trx
          .insertInto('shards')
          .values({ id, ...row })
          .onConflict(oc => oc.column('id').doUpdateSet({ ...row, updated_at: sql<Date>`now()` }))
          .execute()
        return { status: known ? 'changed' : 'registered', change: row.version }
      }),

    lastChange: () => lastShardChange(db),
  }
}

/** The next number of the one row of numbers that shards and maps share; the caller holds the lock. */
export async function nextShardChange(trx: ControlDatabase): Promise<number> {
  return (await lastShardChange(trx)) + 1
}

async function lastShardChange(db: Kysely<ControlSchema>): Promise<number> {
  const { last } = await db
    .selectNoFrom(eb => [
      eb
        .fn<number>('greatest', [
          eb.selectFrom('shards').select(e => e.fn.max('version').as('version')),
          eb.selectFrom('shard_map').select(e => e.fn.max('version').as('version')),
        ])
        .as('last'),
    ])
    .executeTakeFirstOrThrow()
  return last ?? 0
}

function contextOf(id: string): string {
  return `shard:${id}`
}
