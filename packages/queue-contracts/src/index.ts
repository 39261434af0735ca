export { BotIdentity, isAllKnown } from './bot-identity.ts'
export { BotId, BotSettings, maxHandlerTimeoutMs } from './bot-settings.ts'
export {
  BroadcastOutcome,
  BroadcastResult,
  broadcastResultVersion,
  decodeBroadcastResult,
  encodeBroadcastResult,
} from './broadcast-result.ts'
export {
  CallResponse,
  callResponseChannel,
  callResponseContext,
  callResponseVersion,
  decodeCallResponse,
  encodeCallResponse,
} from './call-response.ts'
export { botOf, type ConversationKey, conversationKey } from './conversation-key.ts'
export {
  DeadLetterNote,
  deadLetterVersion,
  decodeDeadLetter,
  encodeDeadLetter,
  letterErrorContext,
} from './dead-letter.ts'
export { UnreadablePayloadError } from './errors.ts'
export {
  decodeInbound,
  encodeInbound,
  InboundUpdate,
  inboundVersion,
  PackedBytes,
  packedInboundVersion,
} from './inbound-update.ts'
export {
  type BoxName,
  boxNames,
  busPrefix,
  nameInPartition,
  noGroup,
  oldPartitionTag,
  partitionOf,
  partitionTag,
} from './names.ts'
export {
  decodeOutbound,
  encodeOutbound,
  OutboundAction,
  OutboundMessage,
  outboundVersion,
} from './outbound-message.ts'
export { packBytes } from './packed.ts'
export { Platform, platformNames } from './platform.ts'
export { inboundContext, outboundContext } from './seal-contexts.ts'
export { TokenJob, tokenJobVersion } from './token-job.ts'
export { UpdateKind } from './update-kind.ts'
