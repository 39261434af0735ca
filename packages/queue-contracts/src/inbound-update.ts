import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { BotId } from './bot-settings.ts'
import { UnreadablePayloadError } from './errors.ts'
import { pack, unpack } from './packed.ts'
import { Platform } from './platform.ts'
import { TraceLinks } from './trace-links.ts'
import { UpdateKind } from './update-kind.ts'
import { decodeFrame, encodeFrame } from './versioned-frame.ts'

/** The version of an update whose raw bytes are as they came; this build reads it and the one before. */
export const inboundVersion = 3

/**
 * The version of one whose raw bytes are packed: a build that cannot unpack them must not take it for the
 * other.
 */
export const packedInboundVersion = 4

/**
 * One update of a conversation, as it lies (encrypted) in the inbox. Ids are the platform's own, as strings.
 */
export const InboundUpdate = Type.Object({
  id: Type.String({
    minLength: 1,
    description: "The platform's id of the update, unique per bot: what duplicates are told by.",
  }),
  bot: BotId,
  platform: Platform,
  kind: UpdateKind,
  conversation: Type.String({ minLength: 1, description: "The platform's own chat, channel or thread id." }),
  user: Type.Optional(Type.String({ description: "The platform's own id of who caused the update." })),
  fromBot: Type.Optional(
    Type.Literal(true, { description: 'A bot or an app caused the update, not a person.' }),
  ),
  text: Type.Optional(
    Type.String({ description: 'What the user wrote, or the caption, or the data of a button.' }),
  ),
  tenant: Type.Optional(
    Type.String({
      minLength: 1,
      description: "The platform's own id of the installation: Slack workspace, Discord guild.",
    }),
  ),
  route: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description:
        'What else the adapter needs to answer just this update: reply token, service url, thread.',
    }),
  ),
  respond: Type.Optional(
    Type.Object(
      {
        channel: Type.String({ description: 'Where the gateway that holds the call listens.' }),
        id: Type.String({ description: 'Which of its calls.' }),
        byMs: Type.Number({ description: 'When it stops waiting, Unix ms.' }),
      },
      { description: "The platform waits in its call for the handler's own answer." },
    ),
  ),
  trace: Type.Optional(TraceLinks),
  sentAtMs: Type.Optional(Type.Number({ description: "The platform's own time of the event, Unix ms." })),
  receivedAtMs: Type.Number({ description: 'When the gateway had the whole request, Unix ms.' }),
})
export type InboundUpdate = Static<typeof InboundUpdate>

const check = Compile(InboundUpdate)

/**
 * Packs an update and the bytes the platform sent, which pass through untouched; many of them are compressed
 * on their way.
 */
export function encodeInbound(update: InboundUpdate, raw: Uint8Array): Buffer {
  const packed = pack(raw)
  return packed === undefined
    ? encodeFrame(inboundVersion, update, raw)
    : encodeFrame(packedInboundVersion, update, packed)
}

/** Raw bytes that are still compressed: most who look at an update do not need them. */
export class PackedBytes {
  readonly #packed: Buffer

  constructor(packed: Buffer) {
    this.#packed = packed
  }

  /** Off the event loop; rejects with `UnreadablePayloadError` for what `encodeInbound` did not pack. */
  async unpack(): Promise<Buffer> {
    try {
      return await unpack(this.#packed)
    } catch (cause) {
      throw new UnreadablePayloadError('An update', packedInboundVersion, { cause })
    }
  }
}

/** The reverse of {@link encodeInbound}; throws `UnreadablePayloadError`. */
export function decodeInbound(frame: Buffer): { update: InboundUpdate; raw: Buffer | PackedBytes } {
  const isPacked = frame[0] === packedInboundVersion
  const newest = isPacked ? packedInboundVersion : inboundVersion
  const { head, tail } = decodeFrame('An update', newest, frame, head => check.Check(head))
  return { update: head as InboundUpdate, raw: isPacked ? new PackedBytes(tail) : tail }
}
