/**
 * The control database: one Postgres, shared by all apps, that says how the service is set up. This entry
 * opens it and holds the bots; the other audiences have entries of their own (`/broadcasts`, `/keys`,
 * `/notices`, `/shards`).
 */
export { type AuditLog, createAuditLog } from './audit-log.ts'
export type { Bot, BotProfile } from './bots/bot.ts'
export { type BotDirectory, createBotDirectory } from './bots/bot-directory.ts'
export { type BotStore, createBotStore } from './bots/bot-store.ts'
export { createErasureStore, type Erasure, type ErasureStore, erasureWaitMs } from './bots/erasure-store.ts'
export { createHandlerStore, type HandlerStore } from './bots/handler-store.ts'
export { type HandlerReport, liveHandlers, reportHandlers } from './bots/live-handlers.ts'
export { createTenantStore, type TenantStore } from './bots/tenant-store.ts'
export { type ControlDatabase, createControlDatabase } from './database/control-database.ts'
export type { ControlSchema } from './database/control-schema.ts'
export { assertControlSchema, controlSchemaVersion } from './database/control-schema-version.ts'
export { isControlDatabaseAway } from './database/is-control-database-away.ts'
export { migrateControl, pendingControlMigrations } from './database/migrate-control.ts'
export { waitForControlSchema } from './database/wait-for-control-schema.ts'
export {
  createDeadLetterStore,
  type DeadLetter,
  type DeadLetterChoice,
  type DeadLetterStore,
} from './dead-letter-store.ts'
export { BotDirectoryUnavailableError } from './errors.ts'
