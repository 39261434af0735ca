import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { BotId } from './bot-settings.ts'
import { Platform } from './platform.ts'
import { TraceLinks } from './trace-links.ts'
import { decodeFrame, encodeFrame } from './versioned-frame.ts'

/** The version that this build writes; it reads this one and the one before. */
export const outboundVersion = 2

/**
 * What a message asks of the platform: a new message (the default), another content for an old one, "is
 * typing", or the end of the "thinking" that the platform shows until something is said.
 */
export const OutboundAction = Type.Union([
  Type.Literal('send'),
  Type.Literal('edit'),
  Type.Literal('typing'),
  Type.Literal('dismiss'),
])
export type OutboundAction = Static<typeof OutboundAction>

/**
 * One message on its way out, as it lies (encrypted) in the outbox: a reply, or one recipient's part of a
 * broadcast.
 */
export const OutboundMessage = Type.Object({
  id: Type.String({
    minLength: 1,
    description: '`<update id>.<n>`: the reply is sent at most once under this key.',
  }),
  bot: BotId,
  platform: Platform,
  conversation: Type.String({ minLength: 1, description: "The platform's own chat, channel or thread id." }),
  action: Type.Optional(OutboundAction),
  text: Type.Optional(
    Type.String({ description: 'What to say; not set if `native` is, or nothing is said.' }),
  ),
  native: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description:
        "The platform's own message; the adapter adds who it is for, and passes the rest on as it is.",
    }),
  ),
  message: Type.Optional(Type.String({ description: "The platform's own id of the message to edit." })),
  user: Type.Optional(
    Type.String({ description: "The platform's own id of who caused the update that this answers." }),
  ),
  tenant: Type.Optional(Type.String({ description: "The update's tenant: whose credentials send it." })),
  route: Type.Optional(Type.Record(Type.String(), Type.String(), { description: "The update's route." })),
  broadcast: Type.Optional(
    Type.Object(
      {
        id: Type.String(),
        n: Type.Integer({ minimum: 0 }),
        slot: Type.Optional(
          Type.Object(
            { atMs: Type.Number(), under: Type.Array(Type.String()) },
            {
              description:
                "When it may leave, by Redis's clock, and the limits that are charged for that already.",
            },
          ),
        ),
      },
      { description: 'The broadcast it is part of, and the number of its recipient there.' },
    ),
  ),
  trace: Type.Optional(TraceLinks),
  receivedAtMs: Type.Number({
    description: 'When the gateway had the update that this answers, or the broadcast released it; Unix ms.',
  }),
})
export type OutboundMessage = Static<typeof OutboundMessage>

const check = Compile(OutboundMessage)
const noTail = new Uint8Array()

/** Packs a message. */
export function encodeOutbound(message: OutboundMessage): Buffer {
  return encodeFrame(outboundVersion, message, noTail)
}

/** The reverse of {@link encodeOutbound}; throws `UnreadablePayloadError`. */
export function decodeOutbound(frame: Buffer): OutboundMessage {
  return decodeFrame('A message', outboundVersion, frame, head => check.Check(head)).head as OutboundMessage
}
