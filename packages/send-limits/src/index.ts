export { type BotHealth, listUnhealthyBots, readBotHealth } from './bot-health.ts'
export { SendLimitsUnavailableError } from './errors.ts'
export {
  type Asking,
  createSendLimits,
  type Grant,
  type Refusal,
  type ReservedSlot,
  type SendLimits,
} from './send-limits.ts'
export type { Sender } from './sender.ts'
