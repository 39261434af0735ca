import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'

/** What became of one webhook call. */
export type WebhookOutcome =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly retryAfter: string | undefined
      readonly body: string
    }
  /** The connection was closed when the answer came, before it was read; the status is what was lost. */
  | { readonly kind: 'answer-lost'; readonly status: number }
  /** Refused, reset, timed out. */
  | { readonly kind: 'failed'; readonly reason: string }

/** Where and how webhooks are called. */
export interface WebhookTarget {
  readonly dispatcher: Dispatcher
  readonly path: string
  readonly headers: Record<string, string>
  readonly answerTimeoutMs: number
}

const MAX_ANSWER_BYTES = 65_536

/** Posts one update; `loseAnswer` closes the connection instead of reading a 2xx. Never rejects. */
export function callWebhook(target: WebhookTarget, body: Buffer, loseAnswer: boolean): Promise<WebhookOutcome> {
  return new Promise(resolve => {
    const { dispatcher, path, headers, answerTimeoutMs } = target
    let status = 0
    let retryAfter: string | undefined
    let text = ''
    // The dispatch interface costs a third less than `request`, and can drop the connection at the first answer byte.
    dispatcher.dispatch(
      { method: 'POST', path, headers, body, headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs },
      {
        onRequestStart() {},
        onResponseStart(controller, statusCode, answered: IncomingHttpHeaders) {
          status = statusCode
          retryAfter = answered['retry-after']
          if (!loseAnswer || status < 200 || status > 299) return
          resolve({ kind: 'answer-lost', status })
          controller.abort(new Error('the simulator loses this answer'))
        },
        onResponseData(_, chunk) {
          if (text.length < MAX_ANSWER_BYTES) text += chunk.toString('utf8')
        },
        onResponseEnd() {
          resolve({ kind: 'answered', status, retryAfter, body: text })
        },
        onResponseError(_, error) {
          resolve({ kind: 'failed', reason: 'code' in error ? String(error.code) : error.message })
        },
      },
    )
  })
}
