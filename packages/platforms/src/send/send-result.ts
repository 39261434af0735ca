import type { BotIdentity } from '@botyard/queue-contracts'

/** What became of a send. Reasons are for the log: no token, no text of a user. */
export type SendResult = SendOutcome & {
  /** What the answer told about the platform's limits, whatever became of the send. */
  readonly learned?: readonly LearnedWindow[]
  /** Names of error budgets (`Limit` of kind `errors`) that this answer was charged to. */
  readonly errors?: readonly string[]
  /**
   * No platform was shown the bot's credentials, so this says nothing of them: the message was refused here,
   * or it left by a url of its own (an interaction's, a response url).
   */
  readonly shown?: false
  /** Who the bot is, where the answer to a send tells. */
  readonly self?: BotIdentity
}

type SendOutcome =
  /** `messageId` is the platform's own, where it tells. */
  | { readonly status: 'sent'; readonly messageId?: string }
  /**
   * Not sent; `counts` says whether it is a try (an error) or a pause that the platform asked for (429). The
   * conversation waits; `pauses` names limits (as in `Limit.name`) that the platform paused for others too.
   */
  | {
      readonly status: 'retry'
      readonly afterMs: number | undefined
      readonly counts: boolean
      readonly reason: string
      readonly pauses?: readonly { readonly name: string; readonly ms: number }[]
    }
  /**
   * A final answer. `blame`: the recipient cannot be reached (blocked, deleted), the message is not
   * acceptable, or the credentials are no longer good: then it is the bot that is unhealthy, and the message
   * waits.
   */
  | {
      readonly status: 'failed'
      readonly blame: 'recipient' | 'message' | 'credentials'
      readonly reason: string
    }
  /** The bytes left and no answer came: it may have been sent. */
  | { readonly status: 'uncertain'; readonly reason: string }

/** A window that the platform counts and told about: `remaining` more until `resetMs` have passed. */
export interface LearnedWindow {
  /** The limit of kind `window` that the send was asked under. */
  readonly name: string
  /**
   * The platform's own name of the bucket, if several routes share it; the part after it stays with the name.
   */
  readonly bucket?: string
  readonly remaining: number
  readonly resetMs: number
}
