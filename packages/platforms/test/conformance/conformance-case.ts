import type { Dispatcher } from 'undici'
import type { PlatformAdapter, WebhookRequest } from '../../src/index.ts'
import type { DocumentedEvent } from './documented-event.ts'
import type { PlatformQuestions } from './platform-questions.ts'

/**
 * What a fixture must become, one entry an update. Fields that are not named are not compared; `undefined`
 * means absent.
 */
export interface ExpectedUpdate {
  readonly id?: string
  readonly kind: string
  readonly conversation: string
  readonly user?: string | undefined
  readonly tenant?: string | undefined
  readonly text?: string | undefined
  readonly sentAtMs?: number | undefined
}

/** A request that differs from a genuine one in one bit. */
export interface Tampered {
  /** Which bit: `signature`, `body`, `key`, `time stamp`, … */
  readonly what: string
  readonly request: WebhookRequest
  /** Set if it is the key that differs. */
  readonly credentials?: unknown
}

/** What a genuine request is made of besides its body. */
export interface RequestOptions {
  /** When it was signed, Unix ms; now, if not set. */
  readonly atMs?: number
  readonly contentType?: string
  /** The fixture that the body is, where its headers differ from others' (GitHub's event). */
  readonly file?: string
}

/** A case that can sign; `end` ends what it started. */
export type StartedCase = ConformanceCase & { end(): Promise<void> }

/** What the conformance suite needs to know of one platform to check all of its duties. */
export interface ConformanceCase {
  readonly adapter: PlatformAdapter
  readonly credentials: unknown
  /**
   * The npm package that signs (or whose code was run to sign) in `request`; null where there is only a
   * shared token.
   */
  readonly oracle: string | null
  /**
   * A genuine request with this body at this time (now, if none), signed by the oracle; a shared token is put
   * into it.
   */
  request(body: Buffer, options?: RequestOptions): WebhookRequest | Promise<WebhookRequest>
  /** The decoded signature, the signed text and the key, each with one bit changed: none may pass. */
  tampered(request: WebhookRequest): readonly Tampered[] | Promise<readonly Tampered[]>
  /** How far a signed time may lie from ours, in ms, where the platform names a window. */
  readonly windowMs?: number
  /** By file in test/<platform>/fixtures/ (all of them): its updates, or that it is a handshake. */
  readonly fixtures: Readonly<Record<string, readonly ExpectedUpdate[] | 'handshake'>>
  /** Every event type of the platform's documentation, and where it belongs. */
  readonly events: readonly DocumentedEvent[]
  /** Fixtures whose event is in no documentation and therefore not in `events`. */
  readonly undocumented?: readonly string[]
  /** What every platform must answer. */
  readonly questions: PlatformQuestions
  /** The body of the platform's answer to a send that it took; an empty object unless set. */
  readonly accepted?: object
  /**
   * The body of a fixture as it must be sent now, where its own token or ids must be replaced to be genuine.
   */
  genuine?(body: Buffer): Buffer
  /**
   * The same event as the platform sends it again, by its own rules (headers, another time stamp); default:
   * the request.
   */
  redelivered?(body: Buffer, options?: RequestOptions): WebhookRequest | Promise<WebhookRequest>
  /** A GET that the adapter's `challenge` must answer, and with what. */
  readonly challenge?: { readonly request: WebhookRequest; readonly body: string }
  /** What `verify` fetches keys with; default: an ordinary agent. */
  readonly dispatcher?: Dispatcher
  /**
   * Starts what signing needs, such as a server of keys, and gives the case with its addresses. Until then
   * the case can be looked at, and signs nothing: nothing starts when its file is imported.
   */
  start?(): Promise<StartedCase>
}
