import { type ControlDatabase, createAuditLog } from '@botyard/control-database'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ErrorAnswer } from '../error-answer.ts'
import { defaultLimit, Limit } from '../page-limit.ts'

const Time = Type.String({ description: 'ISO 8601.' })
const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }

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

/** The audit log: who changed what. */
export const auditLogRoutes: FastifyPluginAsyncTypebox<{ readonly db: ControlDatabase }> = async (
  app,
  { db },
) => {
  const auditLog = createAuditLog(db)

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
