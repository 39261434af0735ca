export type {
  NormalisedUpdate,
  PlatformAdapter,
  SendOptions,
  SendResult,
  Verdict,
  WebhookRequest,
} from './adapter.ts'
export { adapters } from './adapters.ts'
export { InvalidUpdateError } from './invalid-update-error.ts'
