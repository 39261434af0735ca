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
  Verdict,
  WebhookAnswer,
  WebhookRequest,
} from './adapter.ts'
export { adapters } from './adapters.ts'
export { type BroadcastMethods, whyNoBroadcast } from './broadcast-methods.ts'
export { InvalidUpdateError } from './invalid-update-error.ts'
export type { Limit } from './limit.ts'
export type { LearnedWindow, SendResult } from './send-result.ts'
