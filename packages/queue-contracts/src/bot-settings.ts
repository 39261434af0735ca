import { type Static, Type } from 'typebox'
import { UpdateKind } from './update-kind.ts'

const idPattern = '^[a-z0-9][a-z0-9-]{0,62}$'

/**
 * An operator's name for a bot: stands in urls, logs, metrics and Redis keys, so it must not hold anything
 * private.
 */
export const BotId = Type.String({
  pattern: idPattern,
  description: 'Lower-case letters, digits and hyphens, 63 characters at most.',
})
export type BotId = Static<typeof BotId>

const rate = (description: string) =>
  Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()], { description })

/** The longest time that any handler may take, in ms: what waits for the last one waits for that long. */
export const maxHandlerTimeoutMs = 3_600_000

/** What an operator can tune of one bot; a closed object, every field optional. */
export const BotSettings = Type.Object(
  {
    concurrency: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'Most handlers of this bot that run at once, over all workers of a partition of the queues.',
      }),
    ),
    group: Type.Optional(
      Type.String({
        pattern: idPattern,
        description:
          'The group of worker processes that runs this bot, those with it in WORKER_GROUPS; default those without WORKER_GROUPS.',
      }),
    ),
    poison: Type.Optional(
      Type.Union([Type.Literal('skip'), Type.Literal('park')], {
        description:
          'After the last try: skip the update to the dead letters (default), or park the conversation.',
      }),
    ),
    tries: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'Tries of an update before the poison policy decides; default 5.',
      }),
    ),
    handlerTimeoutMs: Type.Optional(
      Type.Integer({
        minimum: 100,
        maximum: maxHandlerTimeoutMs,
        description: 'Time a handler may take, in ms; default 60,000.',
      }),
    ),
    userLimit: Type.Optional(
      Type.Object(
        {
          perSecond: Type.Number({
            exclusiveMinimum: 0,
            description: 'Updates a second that one user may send for good.',
          }),
          burst: Type.Integer({ minimum: 1, description: 'Updates that one user may send at once.' }),
        },
        {
          additionalProperties: false,
          description: 'Inbound limit per user: the excess is accepted and made due later.',
        },
      ),
    ),
    maxBacklog: Type.Optional(
      Type.Object(
        {
          updates: Type.Optional(
            Type.Integer({ minimum: 1, description: 'Waiting updates beyond which this bot gets 503.' }),
          ),
          bytes: Type.Optional(
            Type.Integer({ minimum: 1, description: 'Waiting bytes beyond which this bot gets 503.' }),
          ),
        },
        {
          additionalProperties: false,
          description: 'Per partition of the queues; beyond it this bot alone is refused with 503.',
        },
      ),
    ),
    intake: Type.Optional(
      Type.Union([Type.Literal('webhook'), Type.Literal('polling')], {
        description:
          'How updates come: the platform calls the gateway (default), or a gateway asks the platform.',
      }),
    ),
    defer: Type.Optional(
      Type.Union([Type.Literal('public'), Type.Literal('ephemeral'), Type.Literal('none')], {
        description:
          'The immediate answer to a command or button where the platform wants one: "thinking", for all to see (default) or the user alone; or none, and the call waits for the handler.',
      }),
    ),
    answerWaitMs: Type.Optional(
      Type.Integer({
        minimum: 500,
        maximum: 2_500,
        description:
          "How long a call waits for the handler's own answer before the fallback, in ms; default 2,000. The handler has 250 ms less.",
      }),
    ),
    urgent: Type.Optional(
      Type.Array(UpdateKind, {
        uniqueItems: true,
        description:
          'Kinds of updates that do not wait behind others of their conversation; in order among themselves.',
      }),
    ),
    limits: Type.Optional(
      Type.Object(
        {
          perSecond: Type.Optional(rate('Messages a second of the bot as a whole.')),
          perChatPerSecond: Type.Optional(rate('Messages a second into one chat.')),
          perGroupPerMinute: Type.Optional(rate('Messages a minute into one group.')),
        },
        {
          additionalProperties: false,
          description:
            "Outbound limits instead of the platform's own; null: none, only react when the platform says 429.",
        },
      ),
    ),
    userScope: Type.Optional(
      Type.String({
        pattern: idPattern,
        description:
          "Bots of one platform with the same scope share their users' profiles and state; default the bot's id. Only where the platform gives a user the same id for all of them; a change leaves what is known of the users behind.",
      }),
    ),
    loopLimit: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
        description:
          "Answers in a row to other bots' updates that a conversation gets, with no person's in between, before it is parked as a loop; default 30, per worker process. null: no limit, for a bot that is there to serve bots.",
      }),
    ),
    uncertainSends: Type.Optional(
      Type.Union([Type.Literal('resend'), Type.Literal('drop'), Type.Literal('hold')], {
        description:
          'What to do with a send whose outcome is unknown: resend (default), drop, or hold the conversation.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type BotSettings = Static<typeof BotSettings>
