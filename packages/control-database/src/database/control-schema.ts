import type { ColumnType, Generated } from 'kysely'
import type {
  BotChangeTable,
  BotTable,
  BotTenantTable,
  ErasureTable,
  HandlerTable,
} from '../bots/bot-tables.ts'
import type { BroadcastRecipientTable, BroadcastTable } from '../broadcasts/broadcast-tables.ts'
import type { ShardMapTable, ShardMoveTable, ShardTable, ShardTimelineTable } from '../shards/shard-tables.ts'

/** The tables of the control database, as the migrations leave them. */
export interface ControlSchema {
  bots: BotTable
  bot_changes: BotChangeTable
  bot_tenants: BotTenantTable
  broadcasts: BroadcastTable
  broadcast_recipients: BroadcastRecipientTable
  handlers: HandlerTable
  dead_letters: DeadLetterTable
  erasures: ErasureTable
  audit_log: AuditLogTable
  keyring_keys: KeyringKeyTable
  shards: ShardTable
  shard_map: ShardMapTable
  shard_moves: ShardMoveTable
  shard_timelines: ShardTimelineTable
  schema_migrations: SchemaMigrationTable
}

interface DeadLetterTable {
  id: string
  bot: string
  conversation: string
  reason: string
  /** The update as it lay in the mailbox: still encrypted. */
  envelope: Buffer
  /** A keyring envelope of what the handler threw last, under the context `letter-error|<id>`. */
  error: Buffer | null
  tries: number
  accepted_at: Date
  died_at: Date
}

interface AuditLogTable {
  id: Generated<number>
  at: Generated<Date>
  actor: string
  role: string
  action: string
  target: string
  details: ColumnType<Record<string, unknown>, string, string>
}

/** Two rows of one id are two keys that were given the same name. */
interface KeyringKeyTable {
  id: string
  fingerprint: string
  first_seen: Generated<Date>
  first_active: Date | null
  last_active: Date | null
}

interface SchemaMigrationTable {
  version: number
  name: string
  applied_at: Generated<Date>
}
