import type { BotIdentity, OutboundMessage } from '@botyard/queue-contracts'
import type { ExpectedRequest } from './expected-request.ts'

/**
 * The questions that every platform must answer, because each was once answered wrongly by one of them. A
 * platform answers in test/<platform>/questions.ts, exported as `questions`: by bodies that the suite tries,
 * or by a sentence that says why the question does not arise there, which names the platform's page.
 */
export interface PlatformQuestions {
  /** Who the bot is in the bodies below. */
  readonly identity?: BotIdentity
  /**
   * Messages that the bot or its account itself sent: each becomes `other`, `status` or nothing, never
   * `message` or `command`.
   */
  readonly ownMessages: readonly Call[] | string
  /** Commands that are meant for another bot: never `command`. */
  readonly foreignCommands: readonly Call[] | string
  /**
   * Messages whose author is a placeholder and no person: the update has no user, or the one that is named.
   */
  readonly placeholderUsers: readonly (Call & { readonly user: string | undefined })[] | string
  /** Ways in which the platform delivers one message twice: the calls of one list have one update id. */
  readonly deliveredTwice: readonly (readonly Call[])[] | string
  /**
   * Messages of a place within a chat (thread, topic, account): they are in the conversations that are named,
   * and `reply` is what the call that answers them must hold to go back there.
   */
  readonly places: readonly Place[] | string
  /**
   * Events of a type that the platform does not document (yet): `other`, in the conversation that is named.
   */
  readonly unknownEvents: readonly (Call & { readonly conversation: string })[] | string
  /** Texts that must reach the handler as a person typed them. */
  readonly typedTexts: readonly (Call & { readonly text: string })[] | string
  /** Messages of another bot or app: `fromBot` is set. */
  readonly otherBots: readonly Call[] | string
  /**
   * A message, and what the call that answers it with `awkwardText` must hold so that the platform shows it
   * as written.
   */
  readonly replyText: Call & { readonly reply: ExpectedRequest }
  /**
   * The platform's own message with a text, and the longest text that it takes so (by default that of the
   * `textLimit`).
   */
  readonly nativeText:
    | { of(text: string): NonNullable<OutboundMessage['native']>; readonly max?: number }
    | string
}

/** A message of a place within a chat. */
export interface Place extends Call {
  readonly conversation: string
  /** Compared whole. */
  readonly route: Readonly<Record<string, string>>
  /** Or why nothing can be answered there, as a sentence with the page that says so. */
  readonly reply: ExpectedRequest | string
}

/** A body as the platform would send it. */
export interface Call {
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
  /** `application/x-www-form-urlencoded` if `body` are the fields of a form; JSON otherwise. */
  readonly contentType?: string
}
