export type {
  CallAnswer,
  Content,
  Duties,
  HandlingOutcome,
  Identified,
  LimitSettings,
  NetworkOptions,
  NormalisedUpdate,
  PlatformAdapter,
  PollResult,
  Registrar,
  Registration,
  SendOptions,
  TextLimit,
  VerifyResult,
  WebhookRequest,
  WebhookResponse,
} from './adapter.ts'
export { adapters } from './adapters.ts'
export { InvalidUpdateError } from './errors.ts'
export type { Limit } from './limits/limit.ts'
export { type BroadcastMethods, whyNoBroadcast } from './send/broadcast-methods.ts'
export type { LearnedWindow, SendResult } from './send/send-result.ts'
