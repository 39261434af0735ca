import type { InboundUpdate, OutboundMessage, Platform } from '@botyard/queue-contracts'
import type { TSchema } from 'typebox'
import type { Dispatcher } from 'undici'

/** An HTTP request of a platform, free of any HTTP framework. Header names are lower case. */
export interface WebhookRequest {
  readonly method: string
  /** The public url as the platform called it (from `PUBLIC_URL`, never from the Host header). */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The body's exact bytes. */
  readonly body: Buffer
  readonly receivedAtMs: number
}

/** Whether a call is genuine; `reason` is for logs and metrics, never for the caller. */
export type Verdict = { genuine: true } | { genuine: false; reason: 'missing' | 'malformed' | 'mismatch' | 'stale' }

/** One update of a request, before the gateway names it: no bot, platform or receipt time yet. */
export interface NormalisedUpdate extends Omit<InboundUpdate, 'bot' | 'platform' | 'receivedAtMs'> {
  /** This update's own bytes of the request. */
  readonly raw: Uint8Array
}

/** What became of a send. */
export type SendResult =
  | { status: 'sent' }
  /** Not sent; `counts` says whether it is a try (an error) or a pause the platform asked for (429). */
  | { status: 'retry'; afterMs: number | undefined; counts: boolean; reason: string }
  /** A final answer: blocked user, deleted chat, malformed message. */
  | { status: 'failed'; reason: string }
  /** The bytes left and no answer came: it may have been sent. */
  | { status: 'uncertain'; reason: string }

/** What a send needs besides the message. */
export interface SendOptions {
  readonly dispatcher: Dispatcher
  readonly signal: AbortSignal
}

/** All that Botyard knows of one platform. Pure but for `send`. */
export interface PlatformAdapter<Credentials = unknown> {
  readonly platform: Platform
  /** A closed TypeBox object: what an operator gives when adding a bot. */
  readonly credentials: TSchema
  /** Outgoing addresses within the credentials (apiRoot, replyUrl): checked when set, and again when called. */
  targets(credentials: Credentials): string[]
  /** How long the platform may redeliver one update, in ms: ids are remembered that long. */
  readonly redeliveryWindowMs: number
  readonly maxBodyBytes: number
  /** The media types the platform sends, without parameters. */
  readonly contentTypes: readonly string[]
  /** Checks the request over its raw bytes; compares in constant time. */
  verify(request: WebhookRequest, credentials: Credentials): Verdict
  /** Parses and validates what is used, splits a batch; throws `InvalidUpdateError`. */
  normalise(request: WebhookRequest): NormalisedUpdate[]
  /** Sends one reply; never throws for what the network or the platform did. */
  send(message: OutboundMessage, credentials: Credentials, options: SendOptions): Promise<SendResult>
}
