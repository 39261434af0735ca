import {
  type Context,
  context,
  DiagLogLevel,
  diag,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import { spanContextOf, traceparentOf } from './traceparent.ts'
import type { OpenSpan, SpanFacts, Tracing } from './tracing.ts'

/** Where spans go, and which. */
export interface TracingTarget {
  /** Of a collector's OTLP over HTTP, without `/v1/traces`. */
  readonly endpoint: string
  /** Share of the traces that are kept, 0 to 1. */
  readonly ratio: number
  /** The app's name. */
  readonly app: string
  readonly logger: Logger
}

const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT } as const

/**
 * Starts the SDK, and makes it what the whole process uses: libraries of bots that know OpenTelemetry tell
 * their spans as parts of the run.
 */
export function startTracing(target: TracingTarget): Tracing & { close(): Promise<void> } {
  const { endpoint, ratio, app, logger } = target
  // Never throws: the logger does not.
  diag.setLogger(
    { ...silent, error: (message, ...args) => logger.warn({ reason: message, args }, 'traces not exported') },
    DiagLogLevel.ERROR,
  )
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': app, 'service.namespace': 'botyard' }),
    sampler: new ParentBasedSampler({ root: unlessLinked(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  const tracer = provider.getTracer('botyard')

  async function within<T>(span: Span, parent: Context, work: (span: OpenSpan) => Promise<T>): Promise<T> {
    const open: OpenSpan = {
      traceparent: traceparentOf(span.spanContext()),
      isKept: span.isRecording(),
      note(facts) {
        span.setAttributes(attributesOf(facts))
      },
    }
    try {
      return await context.with(trace.setSpan(parent, span), work, undefined, open)
    } catch (error) {
      // Its message may quote a user.
      const { name, code } = error as NodeJS.ErrnoException
      span.setAttribute('error.type', code ?? name ?? 'unknown')
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  }

  return {
    root(name, { kind, facts, links = [] }, work) {
      const options = { kind: kinds[kind], attributes: attributesOf(facts), links: links.flatMap(linkTo) }
      return within(tracer.startSpan(name, options, ROOT_CONTEXT), ROOT_CONTEXT, work)
    },
    part(name, facts, work) {
      const parent = context.active()
      if (trace.getSpan(parent)?.isRecording() !== true) return work(undefined)
      return within(tracer.startSpan(name, { attributes: attributesOf(facts) }, parent), parent, work)
    },
    async close() {
      await provider.shutdown()
      trace.disable()
      context.disable()
      diag.disable()
    },
  }
}

/** Who is linked to a trace that is kept is kept too; of what begins one, a share. */
function unlessLinked(ratio: number): Sampler {
  const share = new TraceIdRatioBasedSampler(ratio)
  return {
    shouldSample: (parent, traceId, _name, _kind, _attributes, links) =>
      links.length > 0
        ? { decision: SamplingDecision.RECORD_AND_SAMPLED }
        : share.shouldSample(parent, traceId),
    toString: () => `UnlessLinked{${share}}`,
  }
}

const ignore = () => undefined
const silent = { warn: ignore, info: ignore, debug: ignore, verbose: ignore }

function attributesOf(facts: SpanFacts): SpanFacts {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [`botyard.${name}`, value]))
}

function linkTo(traceparent: string): Link[] {
  const linked = spanContextOf(traceparent)
  return linked === undefined ? [] : [{ context: linked }]
}
