import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { spanContextOf } from './traceparent.ts'

let isManaged = false

/**
 * Does `work` in a thread with the span of another one as the active one: what the work asks elsewhere can
 * say what it belongs to.
 */
export function inTrace<T>(traceparent: string, work: () => T): T {
  const span = spanContextOf(traceparent)
  if (span === undefined) return work()
  if (!isManaged) context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  isManaged = true
  return context.with(trace.setSpanContext(ROOT_CONTEXT, span), work)
}
