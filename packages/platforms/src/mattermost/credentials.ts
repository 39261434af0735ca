import { type Static, Type } from 'typebox'

/** What Mattermost needs: the webhook's token, and the server with a bot's token if the bot is to answer. */
export const MattermostCredentials = Type.Object(
  {
    token: Type.String({
      pattern: '^[a-zA-Z0-9]{1,128}$',
      description: "The outgoing webhook's token, as Mattermost shows it when it is made.",
    }),
    url: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#@]+$',
        maxLength: 2048,
        description: "The server's address; without it the bot answers in the call alone.",
      }),
    ),
    botToken: Type.Optional(
      Type.String({
        pattern: '^[\\x21-\\x7e]{1,256}$',
        description:
          'The access token of a bot account that may post; without it the bot answers in the call alone.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type MattermostCredentials = Static<typeof MattermostCredentials>
