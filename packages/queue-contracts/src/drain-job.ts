import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ConversationKey } from './conversation-key.ts'
import { UnreadablePayloadError } from './errors.ts'

/** The version that this build writes; it reads this one and the one before. */
export const drainJobVersion = 1

/** The data of a BullMQ drain job: the conversations that have fresh mail. */
export const DrainJob = Type.Object({
  v: Type.Integer(),
  c: Type.Array(Type.String({ pattern: '^[^/]+/[^/]+$' }), { minItems: 1 }),
})
export type DrainJob = { v: number; c: ConversationKey[] }

const check = Compile(DrainJob)

/** Reads a drain job's data, or throws {@link UnreadablePayloadError}. */
export function readDrainJob(data: unknown): DrainJob {
  if (check.Check(data) && (data.v === drainJobVersion || data.v === drainJobVersion - 1))
    return data as DrainJob
  const version = (data as Partial<Static<typeof DrainJob>> | null)?.v
  throw new UnreadablePayloadError('A drain job', typeof version === 'number' ? version : undefined)
}
