export { type Announcement, announceBotChange } from './announce-bot-change.ts'
export { type AuditEntry, type AuditLog, createAuditLog } from './audit-log.ts'
export type { Bot, BotProfile } from './bot.ts'
export { type BotDirectory, createBotDirectory } from './bot-directory.ts'
export { BotDirectoryUnavailableError } from './bot-directory-unavailable-error.ts'
export { type BotChanges, type BotPatch, type BotStore, createBotStore, type NewBot } from './bot-store.ts'
export {
  type Broadcast,
  type BroadcastMessage,
  type BroadcastStore,
  createBroadcastStore,
  type LeasedBroadcast,
  type Recipient,
  type RecipientResult,
} from './broadcast-store.ts'
export { type ControlDatabase, createControlDatabase } from './control-database.ts'
export type { ControlSchema } from './control-schema.ts'
export { assertControlSchema, ControlSchemaError, controlSchemaVersion } from './control-schema-version.ts'
export {
  createDeadLetterStore,
  type DeadLetter,
  type DeadLetterProfile,
  type DeadLetterStore,
} from './dead-letter-store.ts'
export { createHandlerStore, type HandlerStore } from './handler-store.ts'
export { isControlDatabaseAway } from './is-control-database-away.ts'
export { migrateControl } from './migrate-control.ts'
export { createTenantStore, type Tenant, type TenantChange, type TenantStore } from './tenant-store.ts'
export { waitForControlSchema } from './wait-for-control-schema.ts'
