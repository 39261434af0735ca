/** What a span says of itself: names and outcomes, never what a user wrote or an id of a chat or user. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>

/** A span that is open. */
export interface OpenSpan {
  /** Its name for others, as W3C Trace Context writes it. */
  readonly traceparent: string
  /** Whether it is among those that are kept: of one that is not, nothing needs to be told to others. */
  readonly isKept: boolean
  note(facts: SpanFacts): void
}

/** How a span begins. */
export interface SpanOptions {
  readonly kind: 'server' | 'consumer' | 'client'
  readonly facts: SpanFacts
  /** Traceparents of the spans that led to this one, in other traces. */
  readonly links?: readonly string[]
}

/** Tells OpenTelemetry what happened. Where tracing is off there is none of it. */
export interface Tracing {
  /**
   * Does `work` as the first span of a trace of its own: what came before, perhaps long ago and in another
   * process, is linked, and kept spans are linked from kept ones. Ends with the work, and has its error.
   */
  root<T>(name: string, options: SpanOptions, work: (span: OpenSpan) => Promise<T>): Promise<T>
  /** Does `work` as a part of the span that is active; without a span if none is. */
  part<T>(name: string, facts: SpanFacts, work: (span: OpenSpan | undefined) => Promise<T>): Promise<T>
}
