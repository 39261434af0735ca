import { createDeadLetterStore, type DeadLetterChoice } from '@botyard/control-database'
import { BotId, letterErrorContext } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  type DeadLetterDeps,
  discardDeadLetters,
  retryDeadLetters,
} from '../dead-letters/retry-dead-letters.ts'
import { ErrorAnswer } from '../error-answer.ts'
import { DeadLetterNotFoundError } from '../errors.ts'
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

const Id = Type.String({ minLength: 1, maxLength: 200, description: 'As GET /api/v1/dead-letters shows it.' })
const ofBot = {
  bot: BotId,
  reason: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'Only those of this reason.' }),
  ),
  limit: Limit,
}
const perSecond = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 1000, description: 'Letters that come back a second; 20 by default.' }),
)
const closed = { additionalProperties: false }
const RetryBody = Type.Union([Type.Object({ id: Id }, closed), Type.Object({ ...ofBot, perSecond }, closed)])
const DiscardBody = Type.Union([Type.Object({ id: Id }, closed), Type.Object(ofBot, closed)])
const Done = Type.Object({
  done: Type.Integer({ description: 'Letters taken by this order.' }),
  left: Type.Integer({ description: 'Letters of the bot (and reason) that are left: ask again for them.' }),
})
const defaultPerSecond = 20

/** The dead letters, never their payload; the text of an error, which may quote a user, for owners. */
export const deadLetterRoutes: FastifyPluginAsyncTypebox<
  DeadLetterDeps & { readonly keyring: Keyring }
> = async (app, deps) => {
  const deadLetters = createDeadLetterStore(deps.db)

  app.post(
    '/dead-letters/retry',
    { config: { role: 'operator' }, schema: { body: RetryBody, response: { 200: Done, ...errors } } },
    ({ actor, body }) => {
      const rate = 'perSecond' in body ? body.perSecond : undefined
      return retryDeadLetters(deps, actor, choiceOf(body), rate ?? defaultPerSecond)
    },
  )

  app.post(
    '/dead-letters/discard',
    { config: { role: 'operator' }, schema: { body: DiscardBody, response: { 200: Done, ...errors } } },
    ({ actor, body }) => discardDeadLetters(deps, actor, choiceOf(body)),
  )

  app.get(
    '/dead-letters/error',
    {
      config: { role: 'owner' },
      schema: {
        querystring: Type.Object({ id: Id }, closed),
        response: { 200: Type.Object({ error: Type.Union([Type.String(), Type.Null()]) }), ...errors },
      },
    },
    async ({ query: { id } }) => {
      const [letter] = await deadLetters.find({ id })
      if (letter === undefined) throw new DeadLetterNotFoundError(id)
      const { error } = letter
      return { error: error ? deps.keyring.open(error, letterErrorContext(id)).toString() : null }
    },
  )

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

function choiceOf(
  body: { id: string } | { bot: BotId; reason?: string | undefined; limit?: number | undefined },
): DeadLetterChoice {
  if ('id' in body) return { id: body.id }
  return { bot: body.bot, reason: body.reason, limit: body.limit ?? defaultLimit }
}
