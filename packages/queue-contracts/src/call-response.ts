import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { busPrefix } from './names.ts'
import { decodeFrame, encodeFrame } from './versioned-frame.ts'

/** The version that this build writes; it reads this one and the one before. */
export const callResponseVersion = 1

/**
 * What a worker tells the gateway that holds a platform's call open: the handler's answer is the frame's
 * (sealed) tail.
 */
export const CallResponse = Type.Object({
  id: Type.String({ description: "The call, as the update's `respond.id` names it." }),
  answered: Type.Boolean({
    description: 'False if the handler has ended without an answer: the fallback is due at once.',
  }),
})
export type CallResponse = Static<typeof CallResponse>

const check = Compile(CallResponse)

/** The pub/sub channel on which one gateway process listens for answers. */
export function callResponseChannel(gateway: string): string {
  return `${busPrefix}:respond:${gateway}`
}

/**
 * What an answer is sealed under: the gateway's channel, the call, and the keyed hash of the update that it
 * answers. Calls are only numbered, so without the others an answer of one gateway, or of yesterday, would
 * open in another call.
 */
export function callResponseContext(call: { channel: string; id: string }, update: Buffer): string {
  return `respond|${call.channel}|${call.id}|${update.toString('base64url')}`
}

/** Packs an answer; `envelope` is empty if there is none. */
export function encodeCallResponse(response: CallResponse, envelope: Uint8Array): Buffer {
  return encodeFrame(callResponseVersion, response, envelope)
}

/** The reverse of {@link encodeCallResponse}; throws `UnreadablePayloadError`. */
export function decodeCallResponse(frame: Buffer): { response: CallResponse; envelope: Buffer } {
  const { head, tail } = decodeFrame('An answer', callResponseVersion, frame, head => check.Check(head))
  return { response: head as CallResponse, envelope: tail }
}
