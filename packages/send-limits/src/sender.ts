import type { BotId, Platform } from '@botyard/queue-contracts'

/** Who sends: a bot, by the credentials it had at `version`. */
export interface Sender {
  readonly id: BotId
  readonly platform: Platform
  /** Rises with every change: what was refused of an older version says nothing of this one. */
  readonly version: number
  /**
   * The tenant, if it has credentials of its own: then it is they that may be refused, and nobody else waits.
   */
  readonly tenant?: string | undefined
}
