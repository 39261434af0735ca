export { BotIdentity, isAllKnown } from './bot-identity.ts'
export { BotId, BotSettings } from './bot-settings.ts'
export {
  BROADCAST_RESULT_VERSION,
  BroadcastOutcome,
  BroadcastResult,
  decodeBroadcastResult,
  encodeBroadcastResult,
} from './broadcast-result.ts'
export {
  CALL_RESPONSE_VERSION,
  CallResponse,
  callResponseChannel,
  callResponseContext,
  decodeCallResponse,
  encodeCallResponse,
} from './call-response.ts'
export { botOf, type ConversationKey, conversationKey } from './conversation-key.ts'
export {
  DEAD_LETTER_VERSION,
  DeadLetterNote,
  decodeDeadLetter,
  encodeDeadLetter,
  letterErrorContext,
} from './dead-letter.ts'
export {
  decodeInbound,
  encodeInbound,
  INBOUND_VERSION,
  InboundUpdate,
  PACKED_INBOUND_VERSION,
  PackedBytes,
} from './inbound-update.ts'
export { type BoxName, boxNames, busPrefix, OLD_PARTITION_TAG, partitionOf, partitionTag } from './names.ts'
export {
  decodeOutbound,
  encodeOutbound,
  OUTBOUND_VERSION,
  OutboundAction,
  OutboundMessage,
} from './outbound-message.ts'
export { PACK_BYTES } from './packed.ts'
export { Platform, platformNames } from './platform.ts'
export { inboundContext, outboundContext } from './seal-contexts.ts'
export { TOKEN_JOB_VERSION, TokenJob } from './token-job.ts'
export { UnreadablePayloadError } from './unreadable-payload-error.ts'
export { UpdateKind } from './update-kind.ts'
