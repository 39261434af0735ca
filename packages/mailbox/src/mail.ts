import type { ConversationKey } from '@botyard/queue-contracts'

/** One entry on its way through a handler. */
export interface Mail {
  readonly conversation: ConversationKey
  readonly shard: number
  /** When Redis stored it, Unix ms of Redis's clock. */
  readonly acceptedAtMs: number
  /** Keyed hash of the update's id, 16 bytes. */
  readonly hash: Buffer
  /** The sealed payload. */
  readonly body: Buffer
  /** Failed tries before this one. */
  readonly tries: number
  /** How often its process died while nothing else suspect ran in it. */
  readonly crashesAlone: number
  /** The process that held it before died holding it: an earlier try may have got anywhere. */
  readonly interrupted: boolean
}
