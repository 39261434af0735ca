import { notSent } from './not-sent.ts'
import type { SendResult } from './send-result.ts'

/** What may become of a send that got no answer. */
export type Unanswered = Exclude<SendResult, { status: 'sent' }>

/** Errors that another try cannot mend, all raised before a connection is used. */
const final = new Set(['OUT_TARGET_REFUSED', 'ERR_INVALID_URL', 'UND_ERR_INVALID_ARG'])

/** The HTTP client was closed under the send: this process is shutting down. */
const shutdown = new Set(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED'])

/**
 * What became of a send that got no answer. Before the request was given to a connection nothing can have
 * arrived, so it may be sent again; from then on nobody knows. Reasons name error codes only: messages may
 * hold urls, and so tokens.
 */
export function resultWithoutAnswer(
  error: unknown,
  { bytesLeft, signal }: { bytesLeft: boolean; signal: AbortSignal },
): Unanswered {
  const code = codeOf(error)
  if (bytesLeft) return { status: 'uncertain', reason: `no answer: ${code}` }
  if (final.has(code)) return notSent(code)
  // Only a time-out is the address's fault; any other abort, such as a shutdown, is ours and no try.
  const counts = signal.aborted ? signal.reason?.name === 'TimeoutError' : !shutdown.has(code)
  return { status: 'retry', afterMs: undefined, counts, reason: `not sent: ${code}` }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'aborted'
  const cause = error.cause as { code?: unknown } | undefined
  const code = 'code' in error ? error.code : cause?.code
  return typeof code === 'string' ? code : error.name
}
