import type { Erasure } from '@botyard/control-database'
import { type Static, Type } from 'typebox'

/** The order to erase a removed bot's data, as it is shown. */
export const ErasureAnswer = Type.Object({
  id: Type.String(),
  bot: Type.String(),
  state: Type.Union([Type.Literal('waiting'), Type.Literal('done')]),
  rows: Type.Integer({ description: 'Rows deleted so far, on all shards.' }),
  requestedAt: Type.String({ description: 'ISO 8601.' }),
  startsAt: Type.String({
    description: 'ISO 8601. Workers begin then, when no handler of the bot is under way any more.',
  }),
  doneAt: Type.Optional(Type.String({ description: 'ISO 8601.' })),
})
export type ErasureAnswer = Static<typeof ErasureAnswer>

/** Shows an erasure. */
export function erasureAnswer({ id, bot, rows, requestedAt, startsAt, doneAt }: Erasure): ErasureAnswer {
  return {
    id,
    bot,
    state: doneAt === null ? 'waiting' : 'done',
    rows: Number(rows),
    requestedAt: requestedAt.toISOString(),
    startsAt: startsAt.toISOString(),
    ...(doneAt !== null && { doneAt: doneAt.toISOString() }),
  }
}
