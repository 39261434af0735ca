import { BotId } from '@botyard/queue-contracts'
import { type BotProfile, createBotStore } from '@botyard/shard-routing'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { addBot } from '../bots/add-bot.ts'
import type { BotAdminDeps } from '../bots/bot-admin-deps.ts'
import { healthOf } from '../bots/bot-health.ts'
import { BotAnswer, BotPatchBody, botAnswer, NewBotBody } from '../bots/bot-schemas.ts'
import { changeBot } from '../bots/change-bot.ts'
import { removeBot } from '../bots/remove-bot.ts'
import { ErrorAnswer } from '../error-answer.ts'
import { UnknownBotError } from '../errors.ts'

const Params = Type.Object({ id: BotId }, { additionalProperties: false })
const Query = Type.Object({}, { additionalProperties: false })
const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }

/** The bots: viewers read them, operators add and change them, only an owner replaces credentials or deletes. */
export const botRoutes: FastifyPluginAsyncTypebox<BotAdminDeps & { readonly publicUrl: string }> = async (
  app,
  deps,
) => {
  const bots = createBotStore(deps.db, deps.keyring)

  app.get(
    '/bots',
    {
      config: { role: 'viewer' },
      schema: { querystring: Query, response: { 200: Type.Object({ bots: Type.Array(BotAnswer) }), ...errors } },
    },
    async () => ({ bots: await show(await bots.list()) }),
  )

  app.get(
    '/bots/:id',
    {
      config: { role: 'viewer' },
      schema: { params: Params, querystring: Query, response: { 200: BotAnswer, ...errors } },
    },
    async request => {
      const bot = await bots.get(request.params.id)
      if (!bot) throw new UnknownBotError(request.params.id)
      return showOne(bot)
    },
  )

  app.post(
    '/bots',
    {
      config: { role: 'operator' },
      schema: { body: NewBotBody, querystring: Query, response: { 201: BotAnswer, ...errors } },
    },
    async (request, reply) => {
      const bot = await addBot(deps, request.actor, request.body)
      return reply.code(201).send(await showOne(bot))
    },
  )

  app.patch(
    '/bots/:id',
    {
      config: { role: 'operator' },
      schema: { params: Params, body: BotPatchBody, querystring: Query, response: { 200: BotAnswer, ...errors } },
    },
    async request => {
      if (request.body.credentials !== undefined) app.requireRole(request, 'owner')
      const bot = await changeBot(deps, request.actor, request.params.id, request.body)
      return showOne(bot)
    },
  )

  app.delete(
    '/bots/:id',
    {
      config: { role: 'owner' },
      schema: { params: Params, querystring: Query, response: { 204: Type.Null(), ...errors } },
    },
    async (request, reply) => {
      await removeBot(deps, request.actor, request.params.id)
      return reply.code(204).send(null)
    },
  )

  async function show(found: readonly BotProfile[]): Promise<BotAnswer[]> {
    const health = await healthOf(deps, found)
    return found.map((bot, i) => botAnswer(bot, deps.publicUrl, health[i]!))
  }

  async function showOne(bot: BotProfile): Promise<BotAnswer> {
    const [shown] = await show([bot])
    return shown!
  }
}
