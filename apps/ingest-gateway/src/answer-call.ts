import type { Bot } from '@botyard/control-database'
import type { CallAnswer, WebhookResponse } from '@botyard/platforms'
import type { InboundUpdate } from '@botyard/queue-contracts'
import type { CallWaiter } from './call-waiter.ts'

/** How long a call waits for the handler's own answer when its bot's settings say nothing, in ms. */
const defaultWaitMs = 2_000

/** What a platform's call is answered with in the end. */
export interface CallInHand {
  /** For the update, if the call waits: whom the worker tells. */
  readonly respond: InboundUpdate['respond']
  /** The handler's own answer if it comes in time, else what the platform falls back to; undefined: the usual. */
  answer(): Promise<WebhookResponse | undefined>
  /** No answer of a handler is to be expected: the fallback is due at once. */
  expectNone(): void
}

const usual: CallInHand = { respond: undefined, answer: async () => undefined, expectNone: () => undefined }

/**
 * Takes calls in hand. Call it before storing the update, whose keyed hash is `update`, or the handler's answer may arrive first.
 */
export function createAnswerCall(
  waiter: Pick<CallWaiter, 'wait'>,
): (call: CallAnswer | undefined, bot: Bot, update: Buffer | undefined) => CallInHand {
  let calls = 0
  return (call, { settings }, update) => {
    if (call === undefined) return usual
    if ('now' in call) return { ...usual, answer: async () => call.now }
    // Nothing was in the call, so no handler will answer it.
    if (update === undefined) return { ...usual, answer: async () => call.fallback }
    const waiting = waiter.wait(String(++calls), update, settings.answerWaitMs ?? defaultWaitMs)
    return {
      respond: waiting.respond,
      expectNone: waiting.cancel,
      async answer() {
        const json = await waiting.answer
        return json === undefined ? call.fallback : { status: 200, body: json }
      },
    }
  }
}
