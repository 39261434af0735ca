import { callResponseContext, encodeCallResponse, type InboundUpdate } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import type { Redis } from 'ioredis'

/**
 * Answers the platform's call that brought an update, whose keyed hash is `hash`; undefined: the handler has
 * no answer. False if nobody waits any more: the platform has got its fallback.
 */
export type Respond = (
  update: Pick<InboundUpdate, 'respond'>,
  hash: Buffer,
  json: string | undefined,
) => boolean

/**
 * The gateway's clock says until when it waits, and ours is asked whether that is over: they differ, and the
 * answer takes its way. What comes later than this before the end may not be heard, so it is not said.
 */
const marginMs = 250

/** Whether the platform's call that brought an update waits for its answer, as far as this process knows. */
export function isAwaited({ respond }: Pick<InboundUpdate, 'respond'>, nowMs = Date.now()): boolean {
  return respond !== undefined && nowMs < respond.byMs - marginMs
}

/**
 * Sends answers to the gateway that holds the call, sealed. Not awaited and not repeated: the call waits for
 * two seconds, and has a fallback for whatever does not come.
 */
export function createRespond(deps: {
  redis: Pick<Redis, 'publish'>
  keyring: Keyring
  now?: () => number
}): Respond {
  const { redis, keyring, now = Date.now } = deps
  return ({ respond }, hash, json) => {
    if (respond === undefined || !isAwaited({ respond }, now())) return false
    const { id, channel } = respond
    const envelope =
      json === undefined ? noAnswer : keyring.seal(Buffer.from(json), callResponseContext(respond, hash))
    const frame = encodeCallResponse({ id, answered: json !== undefined }, envelope)
    redis.publish(channel, frame).catch(() => undefined)
    return true
  }
}

const noAnswer = Buffer.alloc(0)
