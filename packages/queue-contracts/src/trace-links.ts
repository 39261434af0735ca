import { Type } from 'typebox'

/** The spans that led to an entry, where they are kept: the webhook's, and the run's. */
export const TraceLinks = Type.Array(Type.String(), {
  maxItems: 8,
  description: 'The spans that led here, as W3C Trace Context writes them; absent where tracing is off.',
})
