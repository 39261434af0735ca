import type { RingKey } from '@botyard/service-kit'
import { sql } from 'kysely'
import type { ControlDatabase } from '../database/control-database.ts'

/** How old a key is. */
export interface KeyAge {
  readonly id: string
  readonly fingerprint: string
  /** When a process first had it. */
  readonly firstSeenAt: Date
  /** When a process first sealed with it, and last said so; null: never. */
  readonly firstActiveAt: Date | null
  readonly lastActiveAt: Date | null
}

/** The ages of keys, in the control database. */
export interface KeyStore {
  /** Notes the keys of a ring. */
  note(keys: readonly RingKey[]): Promise<void>
  /** All that any process ever had, the oldest first. */
  list(): Promise<KeyAge[]>
}

/** The keyring_keys table. */
export function createKeyStore(db: ControlDatabase): KeyStore {
  return {
    async note(keys) {
      await sql`
        insert into keyring_keys (id, fingerprint, first_active, last_active)
        select id, fingerprint, case when active then now() end, case when active then now() end
        from unnest(
          ${keys.map(({ id }) => id)}::text[], ${keys.map(({ fingerprint }) => fingerprint)}::text[],
          ${keys.map(({ active }) => active)}::boolean[]
        ) as ring (id, fingerprint, active)
        order by id, fingerprint
        on conflict (id, fingerprint) do update set
          first_active = coalesce(keyring_keys.first_active, excluded.first_active),
          last_active = coalesce(excluded.last_active, keyring_keys.last_active)
      `.execute(db)
    },

    async list() {
      const rows = await db
        .selectFrom('keyring_keys')
        .selectAll()
        .orderBy('first_seen')
        .orderBy('id')
        .execute()
      return rows.map(row => ({
        id: row.id,
        fingerprint: row.fingerprint,
        firstSeenAt: row.first_seen,
        firstActiveAt: row.first_active,
        lastActiveAt: row.last_active,
      }))
    },
  }
}
