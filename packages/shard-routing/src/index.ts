export { type Announcement, announceBotChange, announceShardChange } from './control/announce-change.ts'
export { type AuditEntry, type AuditLog, createAuditLog } from './control/audit-log.ts'
export type { Bot, BotProfile } from './control/bot.ts'
export { type BotDirectory, createBotDirectory } from './control/bot-directory.ts'
export { BotDirectoryUnavailableError } from './control/bot-directory-unavailable-error.ts'
export { type BotChanges, type BotPatch, type BotStore, createBotStore, type NewBot } from './control/bot-store.ts'
export {
  type Broadcast,
  type BroadcastMessage,
  type BroadcastStore,
  createBroadcastStore,
  type LeasedBroadcast,
  type Recipient,
  type RecipientResult,
} from './control/broadcast-store.ts'
export { type ControlDatabase, createControlDatabase } from './control/control-database.ts'
export type { ControlSchema } from './control/control-schema.ts'
export { assertControlSchema, ControlSchemaError, controlSchemaVersion } from './control/control-schema-version.ts'
export {
  createDeadLetterStore,
  type DeadLetter,
  type DeadLetterProfile,
  type DeadLetterStore,
} from './control/dead-letter-store.ts'
export { createErasureStore, type Erasure, type ErasureStore } from './control/erasure-store.ts'
export { createHandlerStore, type HandlerStore } from './control/handler-store.ts'
export { isControlDatabaseAway } from './control/is-control-database-away.ts'
export { countSealed, type KeyCounts } from './control/keys/count-sealed.ts'
export { countSpoilt } from './control/keys/count-spoilt.ts'
export { createKeyStore, type KeyAge, type KeyStore } from './control/keys/key-store.ts'
export { type LiveRing, liveRings } from './control/keys/keyring-bus.ts'
export { type ReencryptCursor, type Reencrypted, reencrypt } from './control/keys/reencrypt.ts'
export { reportKeyring } from './control/keys/report-keyring.ts'
export { migrateControl, pendingControlMigrations } from './control/migrate-control.ts'
export { createShardDirectory, type ShardDirectory, type ShardSnapshot } from './control/shard-directory.ts'
export { createShardMapStore, type ShardMapChange, type ShardMapStore } from './control/shard-map-store.ts'
export { createShardStore, type Shard, type ShardRegistration, type ShardStore } from './control/shard-store.ts'
export { createTenantStore, type Tenant, type TenantChange, type TenantStore } from './control/tenant-store.ts'
export { createTimelineStore } from './control/timeline-store.ts'
export { waitForControlSchema } from './control/wait-for-control-schema.ts'
export { createFirstMap } from './create-first-map.ts'
export { eraseUsers } from './erase-users.ts'
export { changeOwnedRange, type OwnedRange, ownedRanges } from './fence/change-owned-ranges.ts'
export { UserTableError } from './fence/check-user-tables.ts'
export { beginMove, type MoveWish } from './moves/begin-move.ts'
export { type MoveCounts, type MoveStep, moveSteps, type ShardMove, type TableProgress } from './moves/move.ts'
export {
  MoveConflictError,
  MoveRefusedError,
  MoveStateError,
  UnknownMoveError,
} from './moves/move-errors.ts'
export { createMoveMetrics, type MoveMetrics } from './moves/move-metrics.ts'
export { createMoveStore, type MoveStore } from './moves/move-store.ts'
export type { MoveDeps } from './moves/run-move.ts'
export { type MoveRunner, startMoves } from './moves/start-moves.ts'
export { createOnceResultStore, type OnceResultStore, pruneOnceResults } from './once-result-store.ts'
export { createShardPool, type ShardPool, type ShardPoolState } from './pool/shard-pool.ts'
export { createShardPoolMetrics, type ShardPoolMetrics } from './pool/shard-pool-metrics.ts'
export { type ShardPoolSettings, shardPoolSettings } from './pool/shard-pool-settings.ts'
export { ShardUnavailableError, type UnavailableReason } from './pool/shard-unavailable-error.ts'
export type { TimelineMemory } from './pool/timeline-memory.ts'
export {
  assignRange,
  checkRanges,
  evenRanges,
  keySpaceEnd,
  rangesOf,
  type ShardMap,
  ShardMapError,
  type ShardRange,
  shardOf,
} from './shard-map.ts'
export { RangeMovedError, ShardMapUnavailableError } from './shard-map-errors.ts'
export { logShardReports } from './shard-migrations/log-shard-reports.ts'
export { ShardMovingError } from './shard-migrations/migrate-shard.ts'
export { coreMigrations, migrateShards, type ShardReport } from './shard-migrations/migrate-shards.ts'
export type { OwnedMigrations, ShardMigration } from './shard-migrations/migration.ts'
export { lockMigrations } from './shard-migrations/shard-lock.ts'
export { ShardSchemaError, WrongShardError } from './shard-migrations/shard-schema-errors.ts'
export { needsOf, type ShardNeeds } from './shard-migrations/shard-versions.ts'
export type { ShardDatabase, ShardSchema } from './shard-schema.ts'
export { createShards, type ShardPart, type ShardResult, type Shards } from './shards.ts'
export { createStateStore, type StateChange, type StateStore, type StateValue } from './state-store.ts'
export { type UserName, userKey } from './user-key.ts'
export { createUserStore, type User, type UserStore, type UserUpdate } from './user-store.ts'
export type { WriteId } from './write-id.ts'
