import { randomBytes } from 'node:crypto'
import {
  callResponseChannel,
  callResponseContext,
  decodeCallResponse,
  type InboundUpdate,
} from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'

/** A call that waits for the handler's own answer. */
export interface WaitingCall {
  /** What the update carries, so that the worker knows whom to tell. */
  readonly respond: NonNullable<InboundUpdate['respond']>
  /**
   * The handler's JSON; undefined when the time is up, or the handler has ended without an answer. Never
   * rejects.
   */
  readonly answer: Promise<string | undefined>
  /** Gives the wait up: the update was not stored. */
  cancel(): void
}

/** The calls of this process that platforms keep open until a worker answers them. */
export interface CallWaiter {
  /** Where this process listens. */
  readonly channel: string
  /**
   * Starts waiting for the answer to the update with the keyed hash `update`. Call it before storing the
   * update, or the answer may arrive first. `id` tells the call from others of this process; calls without
   * one are numbered.
   */
  wait(update: Buffer, ms: number, id?: string): WaitingCall
  /** Gives all waits up and stops listening; the client stays open, it is the caller's. */
  close(): Promise<void>
}

/** Listens on a channel of this process alone; `subscriber` may be shared with other subscriptions. */
export function createCallWaiter(deps: { subscriber: Redis; keyring: Keyring; logger: Logger }): CallWaiter {
  const { subscriber, keyring, logger } = deps
  const channel = callResponseChannel(randomBytes(9).toString('base64url'))
  let lastId = 0
  const waiting = new Map<string, { update: Buffer; settle: (json: string | undefined) => void }>()

  const subscribe = () => {
    subscriber
      .subscribe(channel)
      .catch(err => logger.warn({ err }, 'answers of handlers are not heard, fallbacks only'))
  }
  const onMessage = (from: Buffer, frame: Buffer) => {
    if (from.toString() !== channel) return
    try {
      const { response, envelope } = decodeCallResponse(frame)
      const call = waiting.get(response.id)
      if (!call) return
      const context = callResponseContext({ channel, id: response.id }, call.update)
      call.settle(response.answered ? keyring.open(envelope, context).toString() : undefined)
    } catch (err) {
      logger.warn({ err }, 'answer of a handler not readable, fallback instead')
    }
  }
  subscriber.on('ready', subscribe)
  subscriber.on('messageBuffer', onMessage)
  if (subscriber.status === 'ready') subscribe()

  return {
    channel,
    wait(update, ms, id = String(++lastId)) {
      const { promise, resolve } = Promise.withResolvers<string | undefined>()
      const settle = (json: string | undefined) => {
        clearTimeout(timer)
        waiting.delete(id)
        resolve(json)
      }
      const timer = setTimeout(settle, ms, undefined)
      waiting.set(id, { update, settle })
      return {
        respond: { channel, id, byMs: Date.now() + ms },
        answer: promise,
        cancel: () => settle(undefined),
      }
    },
    async close() {
      subscriber.off('ready', subscribe)
      subscriber.off('messageBuffer', onMessage)
      for (const { settle } of [...waiting.values()]) settle(undefined)
      if (subscriber.status === 'ready') await subscriber.unsubscribe(channel).catch(() => undefined)
    },
  }
}
