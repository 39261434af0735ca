import {
  type ControlDatabase,
  createAuditLog,
  createDeadLetterStore,
  createHandlerStore,
  liveHandlers,
} from '@botyard/control-database'
import { BotId } from '@botyard/queue-contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Redis } from 'ioredis'
import { Type } from 'typebox'
import { ErrorAnswer } from '../error-answer.ts'

const Limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 500, default: 100, description: '1 to 500, default 100.' }),
)
const defaultLimit = 100
const Time = Type.String({ description: 'ISO 8601.' })
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

const DeadLetterList = Type.Object({
  deadLetters: Type.Array(
    Type.Object({
      id: Type.String(),
      bot: Type.String(),
      conversation: Type.String({ description: "The conversation's keyed name, as in the logs." }),
      reason: Type.String(),
      tries: Type.Integer({ description: 'The try it was given up in, as `ctx.attempt` counts: 1 for the first.' }),
      acceptedAt: Time,
      diedAt: Time,
    }),
  ),
})

const AuditList = Type.Object({
  entries: Type.Array(
    Type.Object({
      at: Time,
      actor: Type.String(),
      role: Type.String(),
      action: Type.String(),
      target: Type.String(),
      details: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
})

/** What an operator looks at: the handlers that workers have, the dead letters (never their payload), the audit log. */
export const insightRoutes: FastifyPluginAsyncTypebox<{ readonly db: ControlDatabase; readonly redis: Redis }> = async (
  app,
  { db, redis },
) => {
  const handlers = createHandlerStore(db)
  const deadLetters = createDeadLetterStore(db)
  const auditLog = createAuditLog(db)

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

  app.get(
    '/dead-letters',
    {
      config: { role: 'viewer' },
      schema: {
        querystring: Type.Object({ bot: Type.Optional(BotId), limit: Limit }, { additionalProperties: false }),
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

  app.get(
    '/audit-log',
    {
      config: { role: 'owner' },
      schema: {
        querystring: Type.Object({ limit: Limit }, { additionalProperties: false }),
        response: { 200: AuditList, ...errors },
      },
    },
    async ({ query: { limit = defaultLimit } }) => {
      const entries = await auditLog.list({ limit })
      return { entries: entries.map(entry => ({ ...entry, at: entry.at.toISOString() })) }
    },
  )
}
