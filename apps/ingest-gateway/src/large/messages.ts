import type { Bot } from '@botyard/control-database'
import type { WebhookRequest } from '@botyard/platforms'
import type { KeySet } from '@botyard/service-kit'
import type { AcceptDeps } from '../accept-update.ts'
import type { AcceptOutcome } from '../call.ts'
import type { GatewayMetrics } from '../metrics.ts'
import type { BodyPages } from './body-memory.ts'

/**
 * What the thread is started with. It has keys and connections of its own: nothing of a large body passes the
 * event loop.
 */
export interface LargeThreadOptions {
  readonly redisUrl: string
  /** Where the event loop listens for handlers' answers to calls. */
  readonly channel: string
  /** Where the bodies lie. */
  readonly memory: SharedArrayBuffer
  readonly partitions: number
  readonly replicas: number
  readonly namingKey: string
  readonly allowPrivateTargets: readonly string[]
  readonly logLevel: string
  readonly userLimit: AcceptDeps['userLimit']
  readonly maxBacklog: AcceptDeps['maxBacklog']
  readonly timeoutMs: number
}

/** A call, whose body lies in pages that both threads see. */
export interface LargeCall {
  readonly id: number
  readonly bot: Bot
  readonly request: Omit<WebhookRequest, 'body'>
  readonly body: BodyPages
}

/** What the thread is told. `answer` is the handler's, to a call that waits. */
export type ToThread =
  | { readonly do: 'accept'; readonly call: LargeCall }
  | { readonly do: 'answer'; readonly id: number; readonly json: string | undefined }
  | { readonly do: 'replace-keys'; readonly keys: KeySet }
  | { readonly do: 'close' }

/** One call of a metric, for the event loop to make. */
export type MetricCall = readonly [name: keyof GatewayMetrics, ...args: unknown[]]

/** An error of the thread, in what can be cloned. */
export interface ThreadError {
  readonly code: string | undefined
  readonly message: string
  readonly path?: string | undefined
  readonly stack?: string | undefined
}

/**
 * What the thread tells. `joined`: it has a copy of the body, so the pages can be released. `wait`: a
 * handler may answer the call, so the event loop must listen, and say what came. `expect-none`: no handler
 * will.
 */
export type FromThread =
  | { readonly tell: 'joined'; readonly id: number }
  | { readonly tell: 'wait'; readonly id: number; readonly update: Uint8Array; readonly ms: number }
  | {
      readonly tell: 'outcome'
      readonly id: number
      readonly outcome: AcceptOutcome
      readonly metrics: MetricCall[]
    }
  | {
      readonly tell: 'error'
      readonly id: number
      readonly error: ThreadError
      readonly metrics: MetricCall[]
    }
  | { readonly tell: 'expect-none'; readonly id: number }
  | { readonly tell: 'loaded' }
  | { readonly tell: 'log'; readonly line: string }

/** The name under which a handler answers a large call. */
export function largeCallName(id: number): string {
  return `large-${id}`
}
