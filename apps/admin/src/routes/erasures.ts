import { createErasureStore } from '@botyard/control-database'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { BotAdminDeps } from '../bots/bot-admin-deps.ts'
import { ErasureAnswer, erasureAnswer } from '../bots/erasure-schema.ts'
import { ErrorAnswer } from '../error-answer.ts'

const listed = 100

/** How far the erasures of removed bots' data are. */
export const erasureRoutes: FastifyPluginAsyncTypebox<Pick<BotAdminDeps, 'db'>> = async (app, { db }) => {
  const erasures = createErasureStore(db)
  app.get(
    '/erasures',
    {
      config: { role: 'viewer' },
      schema: {
        querystring: Type.Object({}, { additionalProperties: false }),
        response: {
          200: Type.Object({ erasures: Type.Array(ErasureAnswer) }),
          '4xx': ErrorAnswer,
          '5xx': ErrorAnswer,
        },
      },
    },
    async () => ({ erasures: (await erasures.list(listed)).map(erasureAnswer) }),
  )
}
