/** One webhook call, as the ledger counts it. */
export interface Attempt {
  /** The HTTP status, or why there was none. */
  readonly answer: number | string
  readonly tookMs: number
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

/** A platform under way. */
export interface PlatformRun {
  /** What the bot is registered with. */
  readonly credentials: object
  /** Where updates go from now on. */
  connect(webhookUrl: string): Promise<void>
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
