export type { CallAttempt } from './simulator/caller.ts'
export type { Allowance, PlatformFactory } from './simulator/definition.ts'
export { createPlatformSimulator, type PlatformSimulator } from './simulator/simulator.ts'
export type { WebhookOutcome } from './simulator/webhook-call.ts'
export { platformFactories } from './simulators.ts'
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
