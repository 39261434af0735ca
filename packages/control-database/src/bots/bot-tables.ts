import type { BotIdentity, BotSettings, Platform } from '@botyard/queue-contracts'
import type { ColumnType, Generated } from 'kysely'

export interface BotTable {
  id: string
  /** The scope of the bot's users: never used again, even if the id is. */
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
export interface BotChangeTable {
  bot: string
  change: number
}

export interface BotTenantTable {
  bot: string
  /** The platform's own id of the installation. */
  tenant: string
  /** A keyring envelope of the credentials' JSON under the context `tenant:<bot>:<tenant>`. */
  credentials: Buffer
  updated_at: Generated<Date>
}

export interface HandlerTable {
  name: string
  reported_at: Generated<Date>
}

export interface ErasureTable {
  id: string
  bot: string
  /** The removed bot's `uid`, which its users belong to. */
  uid: string
  platform: Platform
  /** Rows deleted so far. */
  rows: Generated<number>
  requested_at: Generated<Date>
  done_at: Date | null
  /** The worker process that erases, and the end of its lease. */
  runner: string | null
  leased_until: Date | null
}
