import type { BotId, BroadcastOutcome } from '@botyard/queue-contracts'
import type { Selectable } from 'kysely'
import type { ControlSchema } from '../database/control-schema.ts'

/** The message of a broadcast: text, or a message in the platform's own form. */
export type BroadcastMessage = { readonly text: string } | { readonly native: Record<string, unknown> }

/** A recipient: the platform's own chat id, and the fields that its adapter needs besides. */
export interface Recipient {
  readonly conversation: string
  readonly tenant?: string
  readonly route?: Record<string, string>
}

/** A broadcast and how far it is. `released` recipients are in the outbox or beyond it. */
export interface Broadcast {
  readonly id: string
  readonly bot: BotId
  readonly state: 'uploading' | 'running' | 'paused' | 'cancelled' | 'done'
  readonly recipients: number
  readonly released: number
  readonly sent: number
  readonly failed: number
  readonly uncertain: number
  readonly createdAt: Date
  readonly endedAt: Date | null
}

/** The result of one recipient. Without an outcome it is not released yet, or on its way. */
export interface RecipientResult {
  readonly n: number
  readonly conversation: string
  readonly outcome: BroadcastOutcome | null
  readonly reason: string | null
  readonly at: Date | null
}

/** A broadcast that a runner holds, with its message in clear. */
export type LeasedBroadcast = Broadcast & { readonly message: BroadcastMessage }

/** The columns that {@link broadcastOf} reads. */
export const broadcastColumns = [
  'id',
  'bot',
  'state',
  'recipients',
  'released',
  'sent',
  'failed',
  'uncertain',
  'created_at',
  'ended_at',
] as const

type Row = Pick<Selectable<ControlSchema['broadcasts']>, (typeof broadcastColumns)[number]>

/** A row as a broadcast. */
export function broadcastOf({ created_at: createdAt, ended_at: endedAt, ...row }: Row): Broadcast {
  const { id, bot, state, recipients, released, sent, failed, uncertain } = row
  return { id, bot, state, recipients, released, sent, failed, uncertain, createdAt, endedAt }
}

/** The context that a broadcast is sealed under, or its recipient `n`. */
export function contextOf(id: string, n?: number): string {
  return n === undefined ? `broadcast:${id}` : `broadcast:${id}:${n}`
}
