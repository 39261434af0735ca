import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { BotId } from './bot-settings.ts'
import { decodeFrame, encodeFrame } from './versioned-frame.ts'

/** The version that this build writes; it reads this one and the one before. */
export const broadcastResultVersion = 1

/** What became of one recipient's message: `uncertain` was dropped by the bot's policy without knowing. */
export const BroadcastOutcome = Type.Union([
  Type.Literal('sent'),
  Type.Literal('failed'),
  Type.Literal('uncertain'),
])
export type BroadcastOutcome = Static<typeof BroadcastOutcome>

/** One recipient's result, on its way from a partition to the control database. */
export const BroadcastResult = Type.Object({
  kind: Type.Literal('broadcast-result'),
  bot: BotId,
  broadcast: Type.String(),
  n: Type.Integer({ minimum: 0, description: "The recipient's number in the broadcast." }),
  outcome: BroadcastOutcome,
  reason: Type.Optional(Type.String({ description: 'A stable code; not set if it was sent.' })),
  atMs: Type.Number(),
})
export type BroadcastResult = Static<typeof BroadcastResult>

const check = Compile(BroadcastResult)
const noTail = new Uint8Array()

/** Packs a result for the partition's list, where dead letters lie too. */
export function encodeBroadcastResult(result: BroadcastResult): Buffer {
  return encodeFrame(broadcastResultVersion, result, noTail)
}

/**
 * The reverse of {@link encodeBroadcastResult}; undefined for a frame that is something else (a dead letter).
 */
export function decodeBroadcastResult(frame: Buffer): BroadcastResult | undefined {
  const { head } = decodeFrame('A broadcast result', broadcastResultVersion, frame, () => true)
  return check.Check(head) ? head : undefined
}
