import type { InboundUpdate } from '@botyard/queue-contracts'
import type { SpanFacts, Tracing } from '@botyard/service-kit/tracing'

/**
 * Does a run in a span that is linked to the webhook's, if that is kept, and has the update's replies name
 * both. What the bot's own libraries tell OpenTelemetry becomes a part of it.
 */
export function traceRun<T>(
  tracing: Tracing | undefined,
  update: InboundUpdate,
  facts: SpanFacts,
  run: () => Promise<T>,
): Promise<T> {
  const { trace } = update
  if (tracing === undefined || trace === undefined) return run()
  return tracing.root('run', { kind: 'consumer', facts, links: trace }, ({ traceparent }) => {
    update.trace = [...trace, traceparent]
    return run()
  })
}
