import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'

/** An answer that was read to its end. */
export interface WebhookAnswered {
  readonly kind: 'answered'
  readonly status: number
  readonly retryAfter: string | undefined
  readonly contentType: string | undefined
  readonly body: string
}

/** What became of one webhook call. */
export type WebhookOutcome =
  | WebhookAnswered
  /** The connection was closed when the answer came, before it was read; the status is what was lost. */
  | { readonly kind: 'answer-lost'; readonly status: number }
  /** Refused, reset, timed out. */
  | { readonly kind: 'failed'; readonly reason: string }

/** Where webhooks are called, and how long for. */
export interface WebhookTarget {
  readonly dispatcher: Dispatcher
  readonly path: string
  readonly answerTimeoutMs: number
}

/** What is posted. */
export interface WebhookRequestParts {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const maxAnswerBytes = 65_536

/** Posts one call; `loseAnswer` closes the connection instead of reading a 2xx. Never rejects. */
export function callWebhook(
  target: WebhookTarget,
  { headers, body }: WebhookRequestParts,
  loseAnswer: boolean,
): Promise<WebhookOutcome> {
  return new Promise(resolve => {
    const { dispatcher, path, answerTimeoutMs } = target
    let status = 0
    let answered: IncomingHttpHeaders = {}
    let text = ''
    // The dispatch interface costs a third less than `request`, and can drop the connection at the first
    // answer byte.
    dispatcher.dispatch(
      { method: 'POST', path, headers, body, headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs },
      {
        onRequestStart() {},
        onResponseStart(controller, statusCode, responseHeaders: IncomingHttpHeaders) {
          status = statusCode
          answered = responseHeaders
          if (!loseAnswer || status < 200 || status > 299) return
          resolve({ kind: 'answer-lost', status })
          controller.abort(new Error('the simulator loses this answer'))
        },
        onResponseData(_, chunk) {
          if (text.length < maxAnswerBytes) text += chunk.toString('utf8')
        },
        onResponseEnd() {
          const { 'retry-after': retryAfter, 'content-type': contentType } = answered
          resolve({ kind: 'answered', status, retryAfter, contentType, body: text })
        },
        onResponseError(_, error) {
          resolve({ kind: 'failed', reason: 'code' in error ? String(error.code) : error.message })
        },
      },
    )
  })
}
