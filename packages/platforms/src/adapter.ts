import type {
  BotIdentity,
  BotSettings,
  InboundUpdate,
  OutboundMessage,
  Platform,
} from '@botyard/queue-contracts'
import type { TSchema } from 'typebox'
import type { Dispatcher } from 'undici'
import type { Limit } from './limits/limit.ts'
import type { BroadcastMethods } from './send/broadcast-methods.ts'
import type { SendResult } from './send/send-result.ts'

/** An HTTP request of a platform, free of any HTTP framework. Header names are lower case. */
export interface WebhookRequest {
  readonly method: string
  /**
   * The public url as the platform called it, query included (from `PUBLIC_URL`, never from the Host header).
   */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The body's exact bytes. */
  readonly body: Buffer
  readonly receivedAtMs: number
  /** The span of the call, as W3C Trace Context writes it, if it is kept. */
  readonly trace?: string
}

/** An answer to a platform's call; without `contentType` the body is JSON. */
export interface WebhookResponse {
  readonly status: number
  readonly contentType?: string
  readonly body?: string
}

/**
 * Whether a call is genuine; `reason` is for logs and metrics, never for the caller. `unavailable`: the
 * platform's keys cannot be fetched now, so nobody can tell, and the platform should send it again.
 */
export type VerifyResult =
  | { genuine: true }
  | { genuine: false; reason: 'missing' | 'malformed' | 'mismatch' | 'stale' | 'unavailable' }

/**
 * What the network side of an adapter needs: a dispatcher that refuses private addresses, and when to stop.
 */
export interface NetworkOptions {
  readonly dispatcher: Dispatcher
  readonly signal: AbortSignal
}

/** One update of a request, before the gateway names it: no bot, platform or receipt time yet. */
export interface NormalisedUpdate
  extends Omit<InboundUpdate, 'bot' | 'platform' | 'receivedAtMs' | 'respond'> {
  /**
   * This update's own part of the request, every value exactly as it was sent: the bytes of the body if it is
   * one update (of a form: its JSON, or the fields as a JSON object), the event's own slice of the body if it
   * is a batch.
   */
  readonly raw: Uint8Array
  /**
   * The platform's own name of this type of event, as in {@link PlatformAdapter.events}; what is not in there
   * is unknown.
   */
  readonly event?: string
}

/** What one message says, before it is addressed. */
export type Content = Pick<OutboundMessage, 'action' | 'text' | 'native' | 'message'>

/** How long a plain text may be. */
export interface TextLimit {
  readonly max: number
  /** What `max` counts, for the documentation. */
  readonly unit: 'UTF-16 units' | 'characters' | 'bytes'
  /** The length of a text in that unit, as it will be sent: with what escaping adds. */
  measure(text: string): number
}

/**
 * What asking the platform who the bot is came to; `refused`: asking again with these credentials is vain.
 */
export type Identified =
  | { readonly status: 'known'; readonly identity: BotIdentity }
  | { readonly status: 'refused' | 'unreachable'; readonly reason: string }

/**
 * What the platform gets in the response to its call once the update is stored: an answer at once, or the
 * handler's own (`ctx.respond`) when it comes in time and the fallback when not.
 */
export type CallAnswer =
  | { readonly now: WebhookResponse }
  | { readonly wait: true; readonly fallback: WebhookResponse }

/**
 * What became of an update: the handler is done; it answered the platform's call itself (`ctx.respond`); or
 * the update was given up after its last try, and nothing was said.
 */
export type HandlingOutcome = 'handled' | 'responded' | 'failed'

/** What a send needs besides the message. */
export interface SendOptions extends NetworkOptions {
  /**
   * The credentials of the message's tenant, where the platform has them per tenant and the tenant's are
   * known.
   */
  readonly tenant?: unknown
}

/** What setting or checking a webhook at the platform came to; `detail` is a sentence for the operator. */
export interface Registration {
  readonly state: 'registered' | 'differs' | 'refused' | 'unreachable'
  readonly detail: string
}

/** Sets and checks the webhook at a platform that has an API for it. Never throws. */
export interface Registrar<Credentials> {
  /** A closed TypeBox object: what can be asked for besides the url, such as Telegram's allowed updates. */
  readonly options: TSchema
  set(credentials: Credentials, url: string, options: unknown, network: NetworkOptions): Promise<Registration>
  check(credentials: Credentials, url: string, network: NetworkOptions): Promise<Registration>
}

/** One answer to asking for updates. */
export type PollResult =
  /**
   * Bodies as a webhook would have brought them, in order; `next` is the offset once all of them are stored.
   */
  | { readonly status: 'updates'; readonly bodies: readonly Buffer[]; readonly next: string | undefined }
  /**
   * Ask again after the pause; `reason` for the log. `blame: 'credentials'`: the platform no longer knows the
   * bot.
   */
  | {
      readonly status: 'retry'
      readonly afterMs: number
      readonly reason: string
      readonly blame?: 'credentials'
    }

/** What a bot can do on a platform; `docs/platforms.md` is made from it. */
export interface Duties {
  /** What can be sent; null if the platform cannot be answered. */
  readonly sends: { readonly edit: boolean; readonly typing: boolean; readonly idempotent: boolean } | null
  /** What a genuine call does not prove, as a sentence: unsigned headers, no time stamp, … */
  readonly unsigned: string
  /** How the bot's own messages are told from people's, in a few words; or why none arrives. */
  readonly ownMessages: string
  /** The platform's event that asks the bot to stop writing, if it has one. */
  readonly stopEvent?: string
  /** How the platform is told that an update was handled, in a few words, if it shows that it waits. */
  readonly acknowledgement?: string
}

/**
 * All that Botyard knows of one platform. Pure but for `send`, `register`, `poll` and keys that `verify` may
 * fetch.
 */
export interface PlatformAdapter<Credentials = unknown> {
  readonly platform: Platform
  readonly duties: Duties
  /** A closed TypeBox object: what an operator gives when adding a bot. */
  readonly credentials: TSchema
  /** The same for one tenant of a bot, where the platform installs per tenant. */
  readonly tenantCredentials?: TSchema
  /**
   * Outgoing addresses within the credentials (apiRoot, replyUrl): checked when set, and again when called.
   */
  targets(credentials: Credentials): string[]
  /** How long the platform may redeliver one update, in ms: ids are remembered that long. */
  readonly redeliveryWindowMs: number
  readonly maxBodyBytes: number
  /** The media types the platform sends, without parameters. */
  readonly contentTypes: readonly string[]
  /** Answers the platform's GET, which proves itself (Meta's `hub.challenge`); undefined: not genuine. */
  challenge?(request: WebhookRequest, credentials: Credentials): WebhookResponse | undefined
  /**
   * Calls prove themselves by a secret that the platform repeats, rather than by a signature over the body.
   */
  readonly repeatsSecret?: true
  /** Checks the request over its raw bytes; compares in constant time. Never throws. */
  verify(
    request: WebhookRequest,
    credentials: Credentials,
    network: NetworkOptions,
  ): VerifyResult | Promise<VerifyResult>
  /**
   * The answer to a genuine call that is no update but a handshake (PING, `url_verification`, `ssl_check`).
   */
  handshake?(request: WebhookRequest): WebhookResponse | undefined
  /**
   * Parses and validates what is used, splits a batch; throws `InvalidUpdateError`. No event at all is an
   * empty list.
   */
  normalise(request: WebhookRequest, self?: BotIdentity): NormalisedUpdate[]
  /**
   * The event types that `normalise` knows, by the platform's own names: a closed list. Others become
   * `other`.
   */
  readonly events: ReadonlySet<string>
  /** Asks the platform who the bot is, where it tells. Never throws. */
  identify?(credentials: Credentials, options: SendOptions): Promise<Identified>
  /** How long a plain text may be; longer replies are split. Every platform that can be answered has one. */
  readonly textLimit?: TextLimit
  /**
   * Why the platform would refuse a native message for its length, as a sentence; undefined if it would not.
   */
  tooLong?(native: NonNullable<OutboundMessage['native']>): string | undefined
  /**
   * Joins what one handler said into fewer messages, where one call of the platform carries several. Order
   * stays.
   */
  join?(said: readonly Content[]): readonly Content[]
  /**
   * What tells the platform what became of the update, where it shows that it waits: once per update, and
   * before what was said. Undefined if the handler's own messages do so, or nothing waits.
   */
  acknowledge?(
    update: Pick<InboundUpdate, 'kind' | 'route'>,
    said: readonly Content[],
    outcome: HandlingOutcome,
  ): Content | undefined
  /** What the platform gets in the response; without it: 200 and `{"ok":true}`. */
  answer?(updates: readonly NormalisedUpdate[], settings: Pick<BotSettings, 'defer'>): CallAnswer
  /** Sends one message; never throws for what the network or the platform did. */
  send(message: OutboundMessage, credentials: Credentials, options: SendOptions): Promise<SendResult>
  /**
   * What a send must stay under; `bulk` is a broadcast's. The bot's own settings go before the platform's
   * numbers.
   */
  limits?(message: OutboundMessage, credentials: Credentials, settings: LimitSettings, bulk: boolean): Limit[]
  /** The native messages that a broadcast may send, if the platform can be answered. */
  readonly broadcasts?: BroadcastMethods
  readonly register?: Registrar<Credentials>
  /**
   * Asks the platform for updates; `offset` is the `next` of the last answer whose updates are all stored,
   * undefined in the beginning. Never throws.
   */
  poll?(credentials: Credentials, offset: string | undefined, network: NetworkOptions): Promise<PollResult>
}

/** A bot's `settings.limits`. */
export type LimitSettings = NonNullable<BotSettings['limits']>
