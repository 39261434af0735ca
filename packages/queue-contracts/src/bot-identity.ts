import { type Static, Type } from 'typebox'

/**
 * Who the bot is at its platform. Own messages and commands that are meant for another bot are told by it.
 * Every part is optional: platforms have different ones, and a part that is absent is not known.
 */
export const BotIdentity = Type.Object(
  {
    user: Type.Optional(
      Type.String({ minLength: 1, description: 'The id that stands where a message names its author.' }),
    ),
    name: Type.Optional(
      Type.String({ minLength: 1, description: 'The name it is called by, without the @.' }),
    ),
    bot: Type.Optional(
      Type.String({ minLength: 1, description: "A second id of its own, such as Slack's bot id." }),
    ),
    app: Type.Optional(Type.String({ minLength: 1, description: 'The id of the app that it belongs to.' })),
  },
  { additionalProperties: false },
)
export type BotIdentity = Static<typeof BotIdentity>

const parts = ['user', 'name', 'bot', 'app'] as const

/**
 * Whether what a platform tells of a bot was known before; cheap, as many platforms tell it with every send.
 */
export function isAllKnown(known: BotIdentity | undefined, told: BotIdentity): boolean {
  return parts.every(part => told[part] === undefined || told[part] === known?.[part])
}
