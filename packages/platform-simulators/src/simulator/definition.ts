import type { ApiReply, ApiRequest } from './api-server.ts'
import type { WebhookAnswered, WebhookOutcome, WebhookRequestParts } from './webhook-call.ts'

/** What a user writes, or what the bot wrote where the platform tells it of that. */
export interface Said {
  /** The chat, numbered from 0. */
  readonly chat: number
  readonly text: string
  /** Numbers all texts of a simulator, from 1: what ids are made of. */
  readonly number: number
  /** When it was written, Unix ms. */
  readonly atMs: number
  /**
   * By which event the call brings it, if not by that of a new message: once more as a mention of the bot, or
   * as the bot's own message, which no bot should answer.
   */
  readonly as?: 'mention' | 'own'
}

/** A webhook call about to be made. */
export interface Call {
  /** One text, or of platforms that batch several, in order. */
  readonly said: readonly [Said, ...Said[]]
  /** 1 is the first try of these texts. */
  readonly attempt: number
  /** What became of the try before. */
  readonly last: WebhookOutcome | undefined
  /** The url as the operator gave it to the platform: what some platforms sign. */
  readonly publicUrl: string
}

/** How much a platform lets a bot say; what traffic must keep to if a run is to end soon. */
export interface Allowance {
  /** Messages in one chat: so many at once, and so many a second for good. */
  readonly perChat?: { readonly burst: number; readonly perSecond: number }
  /** Messages of the bot in any minute. */
  readonly perMinute?: number
  /** The longest text of a message, in bytes of UTF-8: what people write is no longer either. */
  readonly textBytes?: number
  /** The longest that a bot is told to wait which says more. */
  readonly maxPauseSeconds?: number
}

/**
 * One platform as its own documentation tells it: what it posts when somebody writes, what it takes for an
 * answer, when it tries again, and its HTTP API as far as bots of plain texts use it.
 */
export interface PlatformDefinition {
  /** What the bot is registered with; `apiUrl` is the simulator's. */
  credentials(apiUrl: string): Readonly<Record<string, unknown>>
  /** The credentials with a wrong secret for the API: what it must refuse. */
  wrongCredentials(apiUrl: string): Readonly<Record<string, unknown>>
  /** What the API calls a chat. */
  placeOf(chat: number): string
  call(call: Call): WebhookRequestParts
  /** Whether a text mentions the bot, and the platform brings it by a second event for that. */
  isMention?(said: Said): boolean
  /** The platform brings the bot's own messages as well. */
  readonly bringsOwn?: true
  /** The most texts in one call (1), and for how long they are gathered. */
  readonly batch?: { readonly max: number; readonly gatherMs: number }
  /** Whether a 2xx is the answer that the platform asks for. */
  accepts(answer: WebhookAnswered, said: readonly Said[]): boolean
  /** Seconds until the same call is made again after `failures` (from 1) in a row; undefined: never. */
  retryDelaySeconds(failures: number, outcome: WebhookOutcome): number | undefined
  api(request: ApiRequest): ApiReply | Promise<ApiReply>
  readonly allowance: Allowance
}

/** Makes a platform with a bot, secrets and limits of its own. */
export type PlatformFactory = () => PlatformDefinition

/** Waits of a list, one for every failure; after the last the platform gives up. */
export function delaysOf(...seconds: readonly number[]): (failures: number) => number | undefined {
  return failures => seconds[failures - 1]
}

/** Nothing is ever sent again. */
export const never = (): undefined => undefined
