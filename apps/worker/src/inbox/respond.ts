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
 * Sends answers to the gateway that holds the call, sealed. Not awaited and not repeated: the call waits for
 * two seconds, and has a fallback for whatever does not come.
 */
export function createRespond({ redis, keyring }: { redis: Redis; keyring: Keyring }): Respond {
  return ({ respond }, hash, json) => {
    if (respond === undefined || respond.byMs <= Date.now()) return false
    const { id, channel } = respond
    const envelope =
      json === undefined ? noAnswer : keyring.seal(Buffer.from(json), callResponseContext(respond, hash))
    const frame = encodeCallResponse({ id, answered: json !== undefined }, envelope)
    redis.publish(channel, frame).catch(() => undefined)
    return true
  }
}

const noAnswer = Buffer.alloc(0)
