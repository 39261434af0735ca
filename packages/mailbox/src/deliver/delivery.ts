import type { ConversationKey } from '@botyard/queue-contracts'

/** One update to store. */
export interface Delivery {
  readonly conversation: ConversationKey
  /** Keyed hash of the update's id, 16 bytes: what duplicates are told by. */
  readonly update: Buffer
  /**
   * The hash of the update of this conversation that came right before, in the same call or page. Unless that
   * update is stored, this one is refused as well: it must not overtake it.
   */
  readonly after?: Buffer | undefined
  /** The sealed payload. */
  readonly body: Buffer
  /** How long the platform may send the update again, in ms. */
  readonly windowMs: number
  /** Keyed name of who sent it, for the limit per user. */
  readonly user?: string | undefined
  readonly userLimit?: { readonly perSecond: number; readonly burst: number } | undefined
  readonly maxBacklog?:
    | { readonly updates?: number | undefined; readonly bytes?: number | undefined }
    | undefined
}

/**
 * What became of an update: all but `backlog-full` mean that it is stored and will be handled once.
 * `backlog-full`: its bot has too much waiting, or the update before it was refused.
 */
export type DeliveryOutcome = 'accepted' | 'duplicate' | 'delayed' | 'backlog-full'
