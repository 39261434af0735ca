export type { ProcessExit, TestProcess } from './child.ts'
export { type FaultyLink, startFaultyLink } from './faults/faulty-link.ts'
export { type PostgresFaults, postgresFaults } from './faults/postgres-faults.ts'
export { type RedisFaults, redisFaults } from './faults/redis-faults.ts'
export { canMountSmallDisk, mountSmallDisk, type SmallDisk } from './faults/small-disk.ts'
export { freePort } from './free-port.ts'
export { createLatch, type Latch } from './latch.ts'
export { startPgBouncer, type TestPgBouncer } from './pgbouncer.ts'
export type { CallAttempt } from './platform-simulator/caller.ts'
export type { Allowance, PlatformFactory } from './platform-simulator/definition.ts'
export { createPlatformSimulator, type PlatformSimulator } from './platform-simulator/simulator.ts'
export type { WebhookOutcome } from './platform-simulator/webhook-call.ts'
export { startPostgres, type TestPostgres } from './postgres.ts'
export type { PostgresNode } from './postgres-node.ts'
export { type PostgresPair, startPostgresPair } from './postgres-pair.ts'
export { createRandom } from './random.ts'
export { type StartRedisOptions, startRedis, type TestRedis } from './redis.ts'
export { sharedRedis } from './shared-redis.ts'
export { platformFactories } from './simulators.ts'
export { type StartProcessOptions, startProcess } from './start-process.ts'
export {
  type BotApiCall,
  type BotApiOptions,
  type SentMessage,
  type SimulatedBotApi,
  startBotApi,
} from './telegram/bot-api.ts'
export type { BotApiFault } from './telegram/bot-api-fault.ts'
export { createTelegramSimulator, type TelegramSimulator } from './telegram/simulator.ts'
export { createUpdateBuilder, type Said, type UpdateBuilder } from './telegram/update-builder.ts'
export {
  createWebhookCaller,
  type WebhookAttempt,
  type WebhookCaller,
  type WebhookCallerOptions,
  type WebhookDelivery,
} from './telegram/webhook-caller.ts'
export { acceptTls, redisTlsSettings, testTls } from './tls/test-tls.ts'
