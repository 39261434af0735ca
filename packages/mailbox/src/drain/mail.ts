import type { ConversationKey } from '@botyard/queue-contracts'

/** One entry on its way through a handler. */
export interface Mail {
  readonly conversation: ConversationKey
  readonly partition: number
  /** When Redis stored it, Unix ms of Redis's clock. */
  readonly acceptedAtMs: number
  /** Keyed hash of the update's id, 16 bytes. */
  readonly hash: Buffer
  /** The sealed payload. */
  readonly body: Buffer
  /** What it says in clear, if this process wrote it itself. */
  readonly content?: unknown
  /** Failed tries before this one. */
  readonly tries: number
  /** How often its process died while nothing else suspect ran in it. */
  readonly crashesAlone: number
  /** How often a process that ended named it as the cause. */
  readonly blamed: number
  /**
   * The process that held it before died holding it, or a primary was lost since: an earlier try may have got
   * anywhere.
   */
  readonly interrupted: boolean
  /**
   * Throws {@link HoldLostError} unless this process can be sure that nobody has taken the conversation over.
   */
  checkHold(): void
  /**
   * Has the handler of this entry fail with an error that it did not throw itself: it is aborted, and judged
   * by it. Answers false if it is too late for that, as the outcome is on its way to Redis.
   */
  fail(error: Error): boolean
}
