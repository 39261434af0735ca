import type { ConversationKey } from '@botyard/queue-contracts'

/** One update to store. */
export interface Delivery {
  readonly conversation: ConversationKey
  /** Keyed hash of the update's id, 16 bytes: what duplicates are told by. */
  readonly update: Buffer
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

/** What became of an update: all but `backlog-full` mean that it is stored and will be handled once. */
export type DeliveryOutcome = 'accepted' | 'duplicate' | 'delayed' | 'backlog-full'
