import type { BotId, BotIdentity, BotSettings, Platform } from '@botyard/queue-contracts'

/** All of a bot that may be shown: everything but its credentials. */
export interface BotProfile {
  readonly id: BotId
  /** The scope of its users. Unlike the id it is never used again. */
  readonly uid: string
  /** There was a bot of this id before: mail from before `createdAt` is that one's. */
  readonly recreated: boolean
  readonly platform: Platform
  /** The name of the code that runs it, as the workers report it. */
  readonly handler: string
  readonly settings: BotSettings
  /** The bot's identity at its platform, as far as the platform has told with these credentials. */
  readonly identity?: BotIdentity
  /**
   * The number of the change that last wrote it: rises with every change of any bot, so the higher one is
   * newer.
   */
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A bot with its credentials in clear: for verifying and sending, never for an answer or a log. */
export interface Bot extends BotProfile {
  /** As the platform's `credentials` schema has it. */
  readonly credentials: unknown
}

/** A new bot as an operator describes it. */
export type NewBot = Pick<Bot, 'id' | 'platform' | 'handler' | 'credentials' | 'settings'>

/** The changeable fields. A field that is given replaces the old value whole. */
export type BotPatch = Partial<Pick<Bot, 'handler' | 'credentials' | 'settings'>>
