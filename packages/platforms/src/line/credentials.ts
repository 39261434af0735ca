import { type Static, Type } from 'typebox'

/** What the Messaging API needs: the channel's secret, which signs, and its access token, which sends. */
export const LineCredentials = Type.Object(
  {
    channelSecret: Type.String({
      pattern: '^[!-~]{16,128}$',
      description: "The channel's secret (Basic settings); a new one kills the old at once.",
    }),
    channelAccessToken: Type.String({
      pattern: '^[A-Za-z0-9+/=._~-]{1,1024}$',
      description: 'A channel access token, such as the long-lived one of the Messaging API tab.',
    }),
    apiRoot: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#@]+$',
        maxLength: 2048,
        description: "The Messaging API's address; default https://api.line.me, LINE's own.",
      }),
    ),
  },
  { additionalProperties: false },
)
export type LineCredentials = Static<typeof LineCredentials>
