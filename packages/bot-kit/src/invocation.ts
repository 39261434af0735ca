import type { InboundUpdate } from '@botyard/queue-contracts'
import type { Log } from './context.ts'
import type { OpenDownload } from './download.ts'
import type { MessageLimits } from './message-limits.ts'
import type { OnceStore } from './once.ts'
import type { RunTask } from './task.ts'
import type { UserData } from './user-data.ts'

/** One run of a bot on one update. */
export interface Invocation {
  readonly update: InboundUpdate
  /** The platform's bytes. */
  readonly raw: Buffer
  readonly attempt: number
  readonly signal: AbortSignal
  /** What the platform takes as one message. */
  readonly limits: MessageLimits
  readonly once: OnceStore
  /** Runs a task in a thread. */
  readonly runTask: RunTask
  /** Gets a file. */
  readonly download: OpenDownload
  /** Opens what the bot remembers; called once at most, when first asked for. */
  readonly openData: () => UserData
  /** Whether nothing has failed, it is only too early: the bot's `onError` is not asked then. */
  readonly isTooEarly: (error: unknown) => boolean
  readonly log: Log
  /** Shows "is typing"; must not throw. */
  readonly typing: () => void
  /** Whether the platform's call waits for an answer now. */
  readonly isAwaited: () => boolean
  /** Answers the platform's call with this JSON; must not throw. */
  readonly respond: (json: string) => void
}
