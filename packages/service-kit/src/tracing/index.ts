/** Traces: what apps say to make spans, and the variables that turn it on. This loads no OpenTelemetry. */
export type { SpanFacts, Tracing } from './tracing.ts'
export { tracingConfig } from './tracing-config.ts'
