import { type Static, Type } from 'typebox'

/**
 * What Zulip needs: the outgoing webhook's token, and the bot's own address and key if it is to answer later.
 */
export const ZulipCredentials = Type.Object(
  {
    token: Type.String({
      pattern: '^[\\x21-\\x7e]{1,256}$',
      description: "The outgoing webhook bot's token, from its zuliprc.",
    }),
    botEmail: Type.Optional(
      Type.String({
        pattern: '^[^\\s:]{1,256}$',
        description:
          "The bot's email address, from its zuliprc; without it the bot answers in the call alone.",
      }),
    ),
    apiKey: Type.Optional(
      Type.String({ pattern: '^[\\x21-\\x7e]{1,256}$', description: "The bot's API key, from its zuliprc." }),
    ),
    apiRoot: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#@]+$',
        maxLength: 2048,
        description: "The organisation's address, such as https://example.zulipchat.com.",
      }),
    ),
  },
  { additionalProperties: false },
)
export type ZulipCredentials = Static<typeof ZulipCredentials>
