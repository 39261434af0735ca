import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { BotId } from './bot-settings.ts'
import { Platform } from './platform.ts'
import { decodeFrame, encodeFrame } from './versioned-frame.ts'

/** The version that this build writes; it reads this one and the one before. */
export const OUTBOUND_VERSION = 1

/** One reply, as it lies (encrypted) in the outbox. */
export const OutboundMessage = Type.Object({
  id: Type.String({ minLength: 1, description: '`<update id>.<n>`: the reply is sent at most once under this key.' }),
  bot: BotId,
  platform: Platform,
  conversation: Type.String({ minLength: 1, description: "The platform's own chat, channel or thread id." }),
  text: Type.String({ description: 'What to say.' }),
  receivedAtMs: Type.Number({ description: 'When the gateway had the update that this answers, Unix ms.' }),
})
export type OutboundMessage = Static<typeof OutboundMessage>

const check = Compile(OutboundMessage)
const noTail = new Uint8Array()

/** Packs a reply. */
export function encodeOutbound(message: OutboundMessage): Buffer {
  return encodeFrame(OUTBOUND_VERSION, message, noTail)
}

/** The reverse of {@link encodeOutbound}; throws `UnreadablePayloadError`. */
export function decodeOutbound(frame: Buffer): OutboundMessage {
  return decodeFrame('A reply', OUTBOUND_VERSION, frame, head => check.Check(head)).head as OutboundMessage
}
