import type { Dispatcher } from 'undici'
import type { NetworkOptions } from '../adapter.ts'
import { resultWithoutAnswer, type Unanswered } from '../send/result-without-answer.ts'

/** The most bytes read of an answer's body; what is longer is cut. */
const defaultMaxAnswerBytes = 64 * 1024

/**
 * Without an answer, or without anything more of it, for so long none comes. It ends the calls whose signal
 * has no time limit of its own: a connection may be dead without a word, and undici waits for 300 s.
 */
const defaultSilenceMs = 30_000

/** A platform's answer; the body is what came of it within bounds: perhaps cut, perhaps no JSON. */
export interface Answer {
  readonly status: number
  /** Lower-case names; of several values of one name the first. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A call of a platform's API. */
export interface ApiCall {
  /** POST unless set. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  /** The text of the body, and its media type (JSON unless set). */
  readonly body?: string
  readonly contentType?: string
  readonly headers?: Record<string, string>
  /** For answers that may be long (a page of updates); 64 KiB unless set. */
  readonly maxAnswerBytes?: number
  /** For answers that the platform holds back for long, in ms; 30 s unless set. */
  readonly silenceMs?: number
}

/**
 * Calls a platform's API, follows no redirect and never rejects: an answer once its status came, or what
 * became of a send without one. It dispatches by hand, because `onRequestStart` is the one place that tells
 * whether any byte can have left.
 */
export function callApi(
  {
    method = 'POST',
    url,
    body,
    contentType = 'application/json',
    headers,
    maxAnswerBytes = defaultMaxAnswerBytes,
    silenceMs = defaultSilenceMs,
  }: ApiCall,
  { dispatcher, signal }: NetworkOptions,
): Promise<{ answer: Answer } | { result: Unanswered }> {
  return new Promise(resolve => {
    let connection: Dispatcher.DispatchController | undefined
    let status: number | undefined
    let answered: Record<string, string> = {}
    let bytes = 0
    const chunks: Buffer[] = []

    const end = (error?: unknown) => {
      signal.removeEventListener('abort', abort)
      if (status !== undefined) {
        resolve({ answer: { status, headers: answered, body: Buffer.concat(chunks).toString() } })
      } else resolve({ result: resultWithoutAnswer(error, { bytesLeft: connection !== undefined, signal }) })
    }
    const abort = () => {
      end(signal.reason)
      connection?.abort(new Error('aborted'))
    }
    if (signal.aborted) return end(signal.reason)
    // Never throws: it settles a promise.
    signal.addEventListener('abort', abort, { once: true })

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        // Aborted while it waited for a connection: it has been reported as not sent, so it must not leave
        // now.
        if (signal.aborted) controller.abort(new Error('aborted'))
        else connection = controller
      },
      onResponseStart(_controller, statusCode, responseHeaders) {
        if (statusCode < 200) return
        status = statusCode
        answered = firstValues(responseHeaders)
      },
      onResponseData(controller, chunk) {
        bytes += chunk.length
        if (bytes <= maxAnswerBytes) chunks.push(chunk)
        else controller.abort(new Error('the answer is too long'))
      },
      onResponseEnd: () => end(),
      onResponseError: (_controller, error) => end(error),
    }
    try {
      const { origin, pathname, search } = new URL(url)
      const allHeaders = body === undefined ? headers : { ...headers, 'content-type': contentType }
      const limits = { headersTimeout: silenceMs, bodyTimeout: silenceMs }
      dispatcher.dispatch(
        { origin, path: pathname + search, method, headers: allHeaders ?? {}, body: body ?? null, ...limits },
        handler,
      )
    } catch (error) {
      end(error)
    }
  })
}

function firstValues(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value
      return first === undefined ? [] : [[name, first]]
    }),
  )
}
