import { type BotProfile, createBotStore } from '@botyard/control-database'
import { BotId, type BotSettings } from '@botyard/queue-contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { addBot } from '../bots/add-bot.ts'
import type { BotAdminDeps } from '../bots/bot-admin-deps.ts'
import { healthOf } from '../bots/bot-health.ts'
import { BotAnswer, BotPatchBody, botAnswer, NewBotBody, RemovedBotAnswer } from '../bots/bot-schemas.ts'
import { changeBot } from '../bots/change-bot.ts'
import { checkBot } from '../bots/check-bot.ts'
import { erasureAnswer } from '../bots/erasure-schema.ts'
import { removeBot } from '../bots/remove-bot.ts'
import { ErrorAnswer } from '../error-answer.ts'
import { UnknownBotError } from '../errors.ts'

const Params = Type.Object({ id: BotId }, { additionalProperties: false })
const Query = Type.Object({}, { additionalProperties: false })
const RemoveQuery = Type.Object(
  {
    erase: Type.Optional(
      Type.Boolean({
        description: 'true: the workers also delete what the bot knew of its users; default false.',
      }),
    ),
  },
  { additionalProperties: false },
)
const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }

/**
 * The bots: viewers read them, operators add and change them, only an owner replaces credentials or deletes.
 */
export const botRoutes: FastifyPluginAsyncTypebox<BotAdminDeps & { readonly publicUrl: string }> = async (
  app,
  deps,
) => {
  const bots = createBotStore(deps.db, deps.keyring)

  app.get(
    '/bots',
    {
      config: { role: 'viewer' },
      schema: {
        querystring: Query,
        response: { 200: Type.Object({ bots: Type.Array(BotAnswer) }), ...errors },
      },
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
      // What the body's schema refuses is said together with what the platform's does.
      attachValidation: true,
    },
    async (request, reply) => {
      const { id, platform } = request.body ?? {}
      await checkBot(deps, {
        id,
        platform,
        body: request.body,
        refused: request.validationError,
        isPatch: false,
      })
      // Who may choose the scope reads the users of every bot of that scope.
      if (request.body.settings?.userScope !== undefined) app.requireRole(request, 'owner')
      const bot = await addBot(deps, request.actor, request.body)
      return reply.code(201).send(await showOne(bot))
    },
  )

  app.patch(
    '/bots/:id',
    {
      config: { role: 'operator' },
      schema: {
        params: Params,
        body: BotPatchBody,
        querystring: Query,
        response: { 200: BotAnswer, ...errors },
      },
      attachValidation: true,
    },
    async request => {
      const { body, validationError: refused } = request
      if (refused?.validationContext === 'params' || !isObject(body)) throw refused
      if (request.body.credentials !== undefined) app.requireRole(request, 'owner')
      if (request.body.settings !== undefined)
        await requireScopeOwner(request, request.params.id, request.body.settings)
      const bot = await changeBot(deps, request.actor, request.params.id, request.body, refused)
      return showOne(bot)
    },
  )

  app.delete(
    '/bots/:id',
    {
      config: { role: 'owner' },
      schema: { params: Params, querystring: RemoveQuery, response: { 200: RemovedBotAnswer, ...errors } },
    },
    async ({ actor, params: { id }, query: { erase = false } }) => {
      const { erasure, kept } = await removeBot(deps, actor, id, { erase })
      return { removed: id, ...(erasure && { erasure: erasureAnswer(erasure) }), kept: [...kept] }
    },
  )

  /** Settings are replaced whole: leaving the scope out changes it too. */
  async function requireScopeOwner(request: FastifyRequest, id: BotId, settings: BotSettings): Promise<void> {
    const known = await bots.get(id)
    if (known && known.settings.userScope !== settings.userScope) app.requireRole(request, 'owner')
  }

  async function show(found: readonly BotProfile[]): Promise<BotAnswer[]> {
    const health = await healthOf(deps, found)
    return found.map((bot, i) => botAnswer(bot, deps.publicUrl, health[i]!))
  }

  async function showOne(bot: BotProfile): Promise<BotAnswer> {
    const [shown] = await show([bot])
    return shown!
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
