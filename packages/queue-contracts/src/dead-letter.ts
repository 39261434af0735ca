import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { BotId } from './bot-settings.ts'
import type { ConversationKey } from './conversation-key.ts'
import { decodeFrame, encodeFrame } from './versioned-frame.ts'

/** The version that this build writes; it reads this one and the one before. */
export const deadLetterVersion = 1

/**
 * What is known of a mailbox entry that was given up; its sealed payload is the frame's tail. Holds no id of
 * a chat or user.
 */
export const DeadLetterNote = Type.Object({
  id: Type.String({ description: 'Box, conversation and entry: the same every time the letter is copied.' }),
  bot: BotId,
  conversation: Type.String(),
  box: Type.Union([Type.Literal('inbox'), Type.Literal('outbox')]),
  reason: Type.String({ description: 'A stable code, never a text that could quote the user.' }),
  error: Type.Optional(
    Type.String({
      description: 'What the handler threw last, sealed, in base64: its text may quote the user.',
    }),
  ),
  tries: Type.Integer({ description: 'Tries, the last one included.' }),
  acceptedAtMs: Type.Number(),
  diedAtMs: Type.Number(),
})
export type DeadLetterNote = Static<typeof DeadLetterNote> & { conversation: ConversationKey }

const check = Compile(DeadLetterNote)

/** What the error of a dead letter is sealed under. */
export function letterErrorContext(id: string): string {
  return `letter-error|${id}`
}

/** Packs a dead letter for the partition's list. */
export function encodeDeadLetter(note: DeadLetterNote, envelope: Uint8Array): Buffer {
  return encodeFrame(deadLetterVersion, note, envelope)
}

/** The reverse of {@link encodeDeadLetter}; throws `UnreadablePayloadError`. */
export function decodeDeadLetter(frame: Buffer): { note: DeadLetterNote; envelope: Buffer } {
  const { head, tail } = decodeFrame('A dead letter', deadLetterVersion, frame, head => check.Check(head))
  return { note: head as DeadLetterNote, envelope: tail }
}
