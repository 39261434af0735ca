import { type ControlDatabase, createHandlerStore, liveHandlers } from '@botyard/control-database'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Redis } from 'ioredis'
import { Type } from 'typebox'
import { ErrorAnswer } from '../error-answer.ts'

const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }

const HandlerList = Type.Object({
  handlers: Type.Array(
    Type.Object({
      name: Type.String(),
      live: Type.Optional(
        Type.Boolean({ description: 'Whether a worker that lives has it; absent while Redis is away.' }),
      ),
      reportedAt: Type.String({ description: 'ISO 8601: when a worker that has it started last.' }),
    }),
  ),
})

/** The handlers that workers have. */
export const handlerRoutes: FastifyPluginAsyncTypebox<{
  readonly db: ControlDatabase
  readonly redis: Redis
}> = async (app, { db, redis }) => {
  const handlers = createHandlerStore(db)

  app.get(
    '/handlers',
    {
      config: { role: 'viewer' },
      schema: {
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: HandlerList, ...errors },
      },
    },
    async () => {
      const [known, live] = await Promise.all([handlers.list(), liveHandlers(redis).catch(() => undefined)])
      return {
        handlers: known.map(({ name, reportedAt }) => ({
          name,
          ...(live && { live: live.has(name) }),
          reportedAt: reportedAt.toISOString(),
        })),
      }
    },
  )
}
