import type { BroadcastOutcome } from '@botyard/queue-contracts'
import type { Generated } from 'kysely'

export interface BroadcastTable {
  id: string
  bot: string
  state: 'uploading' | 'running' | 'paused' | 'cancelled' | 'done'
  /** A keyring envelope of the message's JSON under the context `broadcast:<id>`. */
  message: Buffer
  recipients: Generated<number>
  /** Recipients handed to the outbox so far: those numbered below. */
  released: Generated<number>
  sent: Generated<number>
  failed: Generated<number>
  uncertain: Generated<number>
  /** The worker process that releases it, and the end of its lease. */
  runner: string | null
  leased_until: Date | null
  created_at: Generated<Date>
  ended_at: Date | null
}

export interface BroadcastRecipientTable {
  broadcast: string
  n: number
  /** A keyring envelope of the recipient's JSON under the context `broadcast:<id>:<n>`. */
  recipient: Buffer
  outcome: BroadcastOutcome | null
  reason: string | null
  at: Date | null
}
