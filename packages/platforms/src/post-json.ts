import type { Dispatcher } from 'undici'
import type { SendOptions, SendResult } from './adapter.ts'
import { resultWithoutAnswer } from './result-without-answer.ts'

/** The most bytes read of an answer's body; what is longer is cut. */
const MAX_ANSWER_BYTES = 64 * 1024

/** A platform's answer; the body is what came of it within bounds: perhaps cut, perhaps no JSON. */
export interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly body: string
}

/** A POST of JSON text. */
export interface JsonPost {
  readonly url: string
  readonly json: string
  readonly headers?: Record<string, string>
}

/**
 * Posts JSON, follows no redirect and never rejects: an answer once its status came, or what became of a send without
 * one. It dispatches by hand, because `onRequestStart` is the one place that tells whether any byte can have left.
 */
export function postJson(
  { url, json, headers }: JsonPost,
  { dispatcher, signal }: SendOptions,
): Promise<{ answer: Answer } | { result: SendResult }> {
  return new Promise(resolve => {
    let connection: Dispatcher.DispatchController | undefined
    let status: number | undefined
    let retryAfter: string | undefined
    let bytes = 0
    const chunks: Buffer[] = []

    const end = (error?: unknown) => {
      signal.removeEventListener('abort', abort)
      if (status !== undefined) resolve({ answer: { status, retryAfter, body: Buffer.concat(chunks).toString() } })
      else resolve({ result: resultWithoutAnswer(error, { bytesLeft: connection !== undefined, signal }) })
    }
    const abort = () => {
      end(signal.reason)
      connection?.abort(new Error('aborted'))
    }
    if (signal.aborted) return end(signal.reason)
    signal.addEventListener('abort', abort, { once: true })

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        // Aborted while it waited for a connection: it has been reported as not sent, so it must not leave now.
        if (signal.aborted) controller.abort(new Error('aborted'))
        else connection = controller
      },
      onResponseStart(_controller, statusCode, responseHeaders) {
        if (statusCode < 200) return
        status = statusCode
        retryAfter = responseHeaders['retry-after']?.toString()
      },
      onResponseData(controller, chunk) {
        bytes += chunk.length
        if (bytes <= MAX_ANSWER_BYTES) chunks.push(chunk)
        else controller.abort(new Error('the answer is too long'))
      },
      onResponseEnd: () => end(),
      onResponseError: (_controller, error) => end(error),
    }
    try {
      const { origin, pathname, search } = new URL(url)
      const jsonHeaders = { ...headers, 'content-type': 'application/json' }
      dispatcher.dispatch(
        { origin, path: pathname + search, method: 'POST', headers: jsonHeaders, body: json },
        handler,
      )
    } catch (error) {
      end(error)
    }
  })
}
