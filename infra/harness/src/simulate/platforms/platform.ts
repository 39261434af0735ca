import type { Allowance } from '@botyard/platform-simulators'

/** One webhook call, as the ledger counts it. */
export interface Attempt {
  /** The HTTP status, or why there was none or none that the platform would take. */
  readonly answer: number | string
  readonly tookMs: number
  /** The header of a refusal. */
  readonly retryAfter?: string | undefined
  /** Whether the system had accepted this update before, and only the platform did not know. */
  readonly duplicate: boolean
}

/** What a platform needs to begin. Chats are numbered from 0; the platform gives them ids of its own. */
export interface PlatformStart {
  readonly random: () => number
  /** Share of updates (0 … 1) that are delivered twice although accepted. */
  readonly duplicateShare: number
  readonly onAttempt: (attempt: Attempt) => void
  /** The system sent a message; the chat is undefined when it is none of ours. */
  readonly onReply: (chat: number | undefined, text: string) => void
}

/**
 * Where a bot is called: `url` at the gateway of this run, `publicUrl` as the operator gives it to the
 * platform.
 */
export interface Webhook {
  readonly webhookUrl: string
  readonly publicUrl: string
}

/** A platform under way. */
export interface PlatformRun {
  /** What the bot is registered with. */
  readonly credentials: object
  /** What the traffic keeps to: more would be answered long after the run. */
  readonly allowance: Allowance
  /**
   * Sends that the platform refused so far because they were too many at once; undefined if it does not count
   * them.
   */
  readonly throttled: number | undefined
  /** Where updates go from now on. */
  connect(webhook: Webhook): Promise<void>
  /** A user writes in a chat; settles with whether the system took it in the end. Never rejects. */
  send(chat: number, text: string): Promise<'accepted' | 'gone'>
  close(): Promise<void>
}

/** One chat platform that can be simulated. */
export interface SimulatedPlatform {
  /** As the admin API calls it. */
  readonly name: string
  start(options: PlatformStart): Promise<PlatformRun>
}
