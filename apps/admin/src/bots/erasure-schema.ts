import type { Erasure } from '@botyard/control-database'
import { type Static, Type } from 'typebox'

/** The order to erase a removed bot's data, as it is shown. */
export const ErasureAnswer = Type.Object({
  id: Type.String(),
  bot: Type.String(),
  state: Type.Union([Type.Literal('waiting'), Type.Literal('done')]),
  rows: Type.Integer({ description: 'Rows deleted so far, on all shards.' }),
  requestedAt: Type.String({ description: 'ISO 8601.' }),
  doneAt: Type.Optional(Type.String({ description: 'ISO 8601.' })),
})
export type ErasureAnswer = Static<typeof ErasureAnswer>

/** Shows an erasure. */
export function erasureAnswer({ id, bot, rows, requestedAt, doneAt }: Erasure): ErasureAnswer {
  return {
    id,
    bot,
    state: doneAt === null ? 'waiting' : 'done',
    rows: Number(rows),
    requestedAt: requestedAt.toISOString(),
    ...(doneAt !== null && { doneAt: doneAt.toISOString() }),
  }
}
