import type { BotProfile } from '@botyard/control-database'
import { BotId, BotIdentity, BotSettings, Platform } from '@botyard/queue-contracts'
import { type Static, Type } from 'typebox'
import { ErasureAnswer } from './erasure-schema.ts'

const Handler = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'The name of the code that runs the bot; GET /api/v1/handlers lists them.',
})

/** Checked against the platform's own closed schema once the platform is known. */
const Credentials = Type.Record(Type.String(), Type.Unknown(), {
  description: 'The complete credentials object of the platform; never shown again.',
})

/** The body of POST /bots. */
export const NewBotBody = Type.Object(
  {
    id: BotId,
    platform: Platform,
    handler: Handler,
    credentials: Credentials,
    settings: Type.Optional(BotSettings),
  },
  { additionalProperties: false },
)
export type NewBotBody = Static<typeof NewBotBody>

/**
 * The body of PATCH /bots/:id: what is given replaces the old value whole. An outgoing address (apiRoot,
 * replyUrl) is part of the credentials, so only somebody who knows the token or secret can have it sent
 * there.
 */
export const BotPatchBody = Type.Object(
  {
    handler: Type.Optional(Handler),
    credentials: Type.Optional(Credentials),
    settings: Type.Optional(BotSettings),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    description: 'one or more of handler, credentials (the complete object), settings (the complete object)',
  },
)
export type BotPatchBody = Static<typeof BotPatchBody>

/** A bot as it is shown: never its credentials. */
export const BotAnswer = Type.Object({
  id: BotId,
  platform: Platform,
  handler: Handler,
  settings: BotSettings,
  identity: Type.Optional(
    Type.Object(BotIdentity.properties, {
      description: 'Who the bot is at its platform; absent until the platform has told.',
    }),
  ),
  webhookUrl: Type.String({ description: 'What the platform must call: give it to setWebhook or its like.' }),
  health: Type.Object(
    {
      status: Type.Union([Type.Literal('healthy'), Type.Literal('unhealthy'), Type.Literal('unknown')]),
      reason: Type.Optional(Type.String({ description: 'A stable code, of an unhealthy bot.' })),
      since: Type.Optional(Type.String({ description: 'ISO 8601, of refused credentials.' })),
    },
    {
      description:
        'Whether a live worker has the handler and the platform takes the credentials; unknown while Redis is away.',
    },
  ),
  createdAt: Type.String({ description: 'ISO 8601.' }),
  updatedAt: Type.String({ description: 'ISO 8601.' }),
})
export type BotAnswer = Static<typeof BotAnswer>

/** What keeps a bot from answering. */
export type BotHealth = BotAnswer['health']

/** What became of a removed bot. */
export const RemovedBotAnswer = Type.Object({
  removed: BotId,
  erasure: Type.Optional(ErasureAnswer),
  kept: Type.Array(Type.String(), { description: 'What is still there, as sentences.' }),
})

/** Shows a bot; `publicUrl` is the gateway's, without a slash at its end. */
export function botAnswer(bot: BotProfile, publicUrl: string, health: BotHealth): BotAnswer {
  return {
    id: bot.id,
    platform: bot.platform,
    handler: bot.handler,
    settings: bot.settings,
    ...(bot.identity !== undefined && { identity: bot.identity }),
    webhookUrl: webhookUrlOf(bot, publicUrl),
    health,
    createdAt: bot.createdAt.toISOString(),
    updatedAt: bot.updatedAt.toISOString(),
  }
}

/** What the platform must call for a bot; `publicUrl` is the gateway's, without a slash at its end. */
export function webhookUrlOf(
  { id, platform }: Pick<BotProfile, 'id' | 'platform'>,
  publicUrl: string,
): string {
  return `${publicUrl}/hooks/${platform}/${id}`
}
