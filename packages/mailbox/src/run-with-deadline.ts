import { HandlerTimeoutError } from './errors.ts'
import type { HeldConversation } from './held-conversation.ts'

/**
 * Runs a handler with its conversation's signal. Rejects with the reason when the signal was aborted and the handler did not
 * end within the grace: what it returns later is not waited for. A handler that ends in time has the last word, even
 * after an abort.
 */
export async function runWithDeadline<T>(
  conversation: HeldConversation,
  timeoutMs: number,
  graceMs: number,
  handler: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal } = conversation
  const abandoned = Promise.withResolvers<never>()
  let graceTimer: NodeJS.Timeout | undefined
  const onAbort = () => {
    graceTimer = setTimeout(() => abandoned.reject(signal.reason), graceMs)
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => conversation.abort(new HandlerTimeoutError(timeoutMs)), timeoutMs)
  try {
    return await Promise.race([handler(signal), abandoned.promise])
  } finally {
    clearTimeout(timer)
    clearTimeout(graceTimer)
    signal.removeEventListener('abort', onAbort)
  }
}
