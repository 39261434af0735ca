import { createBotStore, createTenantStore } from '@botyard/control-database'
import { BotId } from '@botyard/queue-contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { BotAdminDeps } from '../bots/bot-admin-deps.ts'
import { removeTenant, setTenant } from '../bots/change-tenant.ts'
import { ErrorAnswer } from '../error-answer.ts'
import { UnknownBotError } from '../errors.ts'

const TenantId = Type.String({
  pattern: '^[\\x21-\\x7e]{1,128}$',
  description: "The platform's own id of the installation: a Slack team (T…) or enterprise (E…).",
})
const Params = Type.Object({ id: BotId }, { additionalProperties: false })
const TenantParams = Type.Object({ id: BotId, tenant: TenantId }, { additionalProperties: false })
const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }
const defaultLimit = 100

const Page = Type.Object(
  {
    after: Type.Optional(TenantId),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '1 to 1000, default 100.' })),
  },
  { additionalProperties: false },
)
const TenantList = Type.Object({
  tenants: Type.Array(
    Type.Object({ tenant: Type.String(), updatedAt: Type.String({ description: 'ISO 8601.' }) }),
  ),
})
const TenantBody = Type.Object(
  {
    credentials: Type.Record(Type.String(), Type.Unknown(), {
      description: "The tenant's credentials, complete; never shown again.",
    }),
  },
  { additionalProperties: false },
)

/**
 * Where a platform installs per tenant: the credentials of each, which are the owner's to set, as a bot's own
 * are.
 */
export const tenantRoutes: FastifyPluginAsyncTypebox<BotAdminDeps> = async (app, deps) => {
  const bots = createBotStore(deps.db, deps.keyring)
  const tenants = createTenantStore(deps.db, deps.keyring)

  app.get(
    '/bots/:id/tenants',
    {
      config: { role: 'viewer' },
      schema: { params: Params, querystring: Page, response: { 200: TenantList, ...errors } },
    },
    async ({ params: { id }, query: { after, limit = defaultLimit } }) => {
      if (!(await bots.get(id))) throw new UnknownBotError(id)
      const page = await tenants.list(id, { after, limit })
      return {
        tenants: page.map(({ tenant, updatedAt }) => ({ tenant, updatedAt: updatedAt.toISOString() })),
      }
    },
  )

  app.put(
    '/bots/:id/tenants/:tenant',
    {
      config: { role: 'owner' },
      schema: { params: TenantParams, body: TenantBody, response: { 204: Type.Null(), ...errors } },
    },
    async ({ actor, params: { id, tenant }, body }, reply) => {
      await setTenant(deps, actor, id, tenant, body.credentials)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/bots/:id/tenants/:tenant',
    {
      config: { role: 'owner' },
      schema: { params: TenantParams, response: { 204: Type.Null(), ...errors } },
    },
    async ({ actor, params: { id, tenant } }, reply) => {
      await removeTenant(deps, actor, id, tenant)
      return reply.code(204).send(null)
    },
  )
}
