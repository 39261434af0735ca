import { listParked } from '@botyard/mailbox'
import { BotId, type ConversationKey } from '@botyard/queue-contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ErrorAnswer } from '../error-answer.ts'
import { orUnavailable, type UnparkDeps, unparkConversation } from '../parked/unpark-conversation.ts'

const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }
const defaultLimit = 100

const Query = Type.Object(
  {
    bot: Type.Optional(BotId),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '1 to 1000, default 100.' })),
  },
  { additionalProperties: false },
)
const Box = Type.Union([Type.Literal('inbox'), Type.Literal('outbox')], {
  description: 'inbox: updates that the bot failed at; outbox: messages that may or may not have been sent.',
})
const ParkedList = Type.Object({
  parked: Type.Array(
    Type.Object({
      conversation: Type.String({ description: "The conversation's keyed name, as in the logs." }),
      box: Box,
      reason: Type.String({ description: 'A stable code.' }),
      parkedAt: Type.String({ description: 'ISO 8601.' }),
    }),
  ),
})
const UnparkBody = Type.Object(
  {
    conversation: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{0,62}/[A-Za-z0-9_-]{22}$',
      description: 'As GET /api/v1/parked shows it.',
    }),
    box: Box,
    do: Type.Union([Type.Literal('retry'), Type.Literal('skip')], {
      description: 'What becomes of the head: tried again, or given up to the dead letters.',
    }),
  },
  { additionalProperties: false },
)
const UnparkAnswer = Type.Object({
  state: Type.Union([Type.Literal('ready'), Type.Literal('empty')], {
    description: 'ready: a worker goes on with it; empty: nothing was left behind what was skipped.',
  }),
})

/**
 * The conversations that wait for an operator (`poison: park`, `uncertainSends: hold`, unreadable mail), and
 * the word on them.
 */
export const parkedRoutes: FastifyPluginAsyncTypebox<UnparkDeps> = async (app, deps) => {
  app.get(
    '/parked',
    { config: { role: 'viewer' }, schema: { querystring: Query, response: { 200: ParkedList, ...errors } } },
    async ({ query: { bot, limit = defaultLimit } }) => {
      const parked = await orUnavailable(listParked(deps.redis, deps.partitions, { bot, limit }))
      return {
        parked: parked.map(({ parkedAtMs, ...one }) => ({
          ...one,
          parkedAt: new Date(parkedAtMs).toISOString(),
        })),
      }
    },
  )

  app.post(
    '/parked/unpark',
    {
      config: { role: 'operator' },
      schema: { body: UnparkBody, response: { 200: UnparkAnswer, ...errors } },
    },
    async ({ actor, body }) => ({
      state: await unparkConversation(deps, actor, {
        ...body,
        conversation: body.conversation as ConversationKey,
      }),
    }),
  )
}
