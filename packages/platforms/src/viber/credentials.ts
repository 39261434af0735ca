import { type Static, Type } from 'typebox'

/**
 * What Viber's REST Bot API needs: the token, which both signs and sends, and the name that messages carry.
 */
export const ViberCredentials = Type.Object(
  {
    authToken: Type.String({
      pattern: '^[!-~]{16,256}$',
      description:
        "The bot's token (Viber calls it the app key), such as 445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9.",
    }),
    senderName: Type.String({
      minLength: 1,
      maxLength: 28,
      description: 'The name that messages are shown under, 28 characters at most.',
    }),
    apiRoot: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#@]+$',
        maxLength: 2048,
        description: "The API's address up to /pa; default https://chatapi.viber.com/pa, Viber's own.",
      }),
    ),
  },
  { additionalProperties: false },
)
export type ViberCredentials = Static<typeof ViberCredentials>
