import type { BotIdentity, BotSettings, BroadcastOutcome, Platform } from '@botyard/queue-contracts'
import type { ColumnType, Generated } from 'kysely'

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

interface BotTable {
  id: string
  /** What the bot's users belong to: never the same again, even if the id is. */
  uid: string
  /** There was a bot of this id before. */
  recreated: boolean
  platform: Platform
  handler: string
  /** A keyring envelope of the credentials' JSON under the context `bot:<id>`. */
  credentials: Buffer
  settings: ColumnType<BotSettings, string, string>
  /** Null until the platform has told. */
  identity: ColumnType<BotIdentity | null, never, null>
  /** The change number of the last write to this bot. */
  version: number
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

/** The last change of every bot there ever was; a row without its bot is a removal. */
interface BotChangeTable {
  bot: string
  change: number
}

interface BotTenantTable {
  bot: string
  /** The platform's own id of the installation. */
  tenant: string
  /** A keyring envelope of the credentials' JSON under the context `tenant:<bot>:<tenant>`. */
  credentials: Buffer
  updated_at: Generated<Date>
}

interface BroadcastTable {
  id: string
  bot: string
  state: 'uploading' | 'running' | 'paused' | 'cancelled' | 'done'
  /** A keyring envelope of the message's JSON under the context `broadcast:<id>`. */
  message: Buffer
  recipients: Generated<number>
  /** Recipients handed to the outbox so far: those numbered below. */
  released: Generated<number>
  sent: Generated<number>
  failed: Generated<number>
  uncertain: Generated<number>
  /** The worker process that releases it, and until when nobody else may. */
  runner: string | null
  leased_until: Date | null
  created_at: Generated<Date>
  ended_at: Date | null
}

interface BroadcastRecipientTable {
  broadcast: string
  n: number
  /** A keyring envelope of the recipient's JSON under the context `broadcast:<id>:<n>`. */
  recipient: Buffer
  outcome: BroadcastOutcome | null
  reason: string | null
  at: Date | null
}

interface HandlerTable {
  name: string
  reported_at: Generated<Date>
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

interface ErasureTable {
  id: string
  bot: string
  /** The removed bot's `uid`, which its users belong to. */
  uid: string
  platform: Platform
  /** Rows deleted so far. */
  rows: Generated<number>
  requested_at: Generated<Date>
  done_at: Date | null
  /** The worker process that erases, and until when nobody else may. */
  runner: string | null
  leased_until: Date | null
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

interface ShardTable {
  id: string
  /** A keyring envelope of `{ hosts, directHosts? }` under the context `shard:<id>`. */
  hosts: Buffer
  /** The change number of the last write to this shard: one row of numbers for hosts and maps. */
  version: number
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

/** A range as JSON holds it: keys are beyond its numbers. */
export interface StoredRange {
  from: string
  to: string
  shard: string
}

/** Every map there ever was; the highest version counts. */
interface ShardMapTable {
  version: number
  ranges: ColumnType<StoredRange[], string, never>
  /** Why it changed: `created`, `move <id>`, … */
  reason: string
  created_at: Generated<Date>
}

interface ShardMoveTable {
  id: string
  source: string
  target: string
  /** Keys as decimal text: the end may be 2^63. */
  from_key: string
  to_key: string
  /** What is done next. */
  step: string
  state: 'running' | 'cancelling' | 'done' | 'cancelled' | 'failed'
  counts: ColumnType<Record<string, unknown>, string | undefined, string>
  error: string | null
  /** The process that works on it, and until when nobody else may. */
  runner: string | null
  leased_until: Date | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
  ended_at: Date | null
}

interface ShardTimelineTable {
  shard: string
  /** Postgres's own id of the cluster. */
  system: string
  /** The highest that any process has seen. */
  timeline: number
}

interface SchemaMigrationTable {
  version: number
  name: string
  applied_at: Generated<Date>
}
