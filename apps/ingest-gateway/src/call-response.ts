import type { Bot } from '@botyard/control-database'
import type { CallAnswer, WebhookResponse } from '@botyard/platforms'
import type { InboundUpdate } from '@botyard/queue-contracts'
import type { CallWaiter } from './call-waiter.ts'

/** How long a call waits for the handler's own answer when its bot's settings say nothing, in ms. */
const defaultWaitMs = 2_000

/** What a platform's call is answered with once its updates are stored. */
export interface CallResponse {
  /** Goes with the update if the call waits for its handler: tells the worker where to send the answer. */
  readonly respond: InboundUpdate['respond']
  /**
   * The handler's own answer if it comes in time, otherwise the platform's fallback. Undefined: the usual
   * answer.
   */
  answer(): Promise<WebhookResponse | undefined>
  /** Ends the wait, because no handler will answer: the fallback is due at once. */
  expectNone(): void
}

const usual: CallResponse = { respond: undefined, answer: async () => undefined, expectNone: () => undefined }

/**
 * Starts waiting for the handler's answer, if `call` says that the platform wants one. `update` is the keyed
 * hash of the update that is answered. Call this before storing the update, or the answer may arrive first.
 */
export function startResponse(
  call: CallAnswer | undefined,
  { settings }: Bot,
  update: Buffer | undefined,
  waiter: Pick<CallWaiter, 'wait'>,
): CallResponse {
  if (call === undefined) return usual
  if ('now' in call) return { ...usual, answer: async () => call.now }
  // The call held no update, so no handler will answer it.
  if (update === undefined) return { ...usual, answer: async () => call.fallback }
  const waiting = waiter.wait(update, settings.answerWaitMs ?? defaultWaitMs)
  return {
    respond: waiting.respond,
    expectNone: waiting.cancel,
    async answer() {
      const json = await waiting.answer
      return json === undefined ? call.fallback : { status: 200, body: json }
    },
  }
}
