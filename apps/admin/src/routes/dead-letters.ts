import { type ControlDatabase, createDeadLetterStore } from '@botyard/control-database'
import { BotId } from '@botyard/queue-contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ErrorAnswer } from '../error-answer.ts'
import { defaultLimit, Limit } from '../page-limit.ts'

const Time = Type.String({ description: 'ISO 8601.' })
const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }

const DeadLetterList = Type.Object({
  deadLetters: Type.Array(
    Type.Object({
      id: Type.String(),
      bot: Type.String(),
      conversation: Type.String({ description: "The conversation's keyed name, as in the logs." }),
      reason: Type.String(),
      tries: Type.Integer({
        description: 'The try it was given up in, as `ctx.attempt` counts: 1 for the first.',
      }),
      acceptedAt: Time,
      diedAt: Time,
    }),
  ),
})

/** The dead letters, never their payload. */
export const deadLetterRoutes: FastifyPluginAsyncTypebox<{ readonly db: ControlDatabase }> = async (
  app,
  { db },
) => {
  const deadLetters = createDeadLetterStore(db)

  app.get(
    '/dead-letters',
    {
      config: { role: 'viewer' },
      schema: {
        querystring: Type.Object(
          { bot: Type.Optional(BotId), limit: Limit },
          { additionalProperties: false },
        ),
        response: { 200: DeadLetterList, ...errors },
      },
    },
    async ({ query: { bot, limit = defaultLimit } }) => {
      const letters = await deadLetters.list({ limit, ...(bot !== undefined && { bot }) })
      return {
        deadLetters: letters.map(letter => ({
          ...letter,
          acceptedAt: letter.acceptedAt.toISOString(),
          diedAt: letter.diedAt.toISOString(),
        })),
      }
    },
  )
}
