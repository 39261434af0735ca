import { type Static, Type } from 'typebox'

/** What GitHub needs: the webhook's secret, and a token if the bot is to answer. */
export const GitHubCredentials = Type.Object(
  {
    webhookSecret: Type.String({
      pattern: '^[\\x20-\\x7e]{1,256}$',
      description: "The webhook's secret, as given at GitHub: 1-256 printable characters.",
    }),
    token: Type.Optional(
      Type.String({
        pattern: '^[\\x21-\\x7e]{1,1024}$',
        description: 'A token that may write comments; without it the bot cannot answer.',
      }),
    ),
    apiRoot: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#@]+$',
        maxLength: 2048,
        description:
          "The API's address; default https://api.github.com, https://<host>/api/v3 for GitHub Enterprise Server.",
      }),
    ),
  },
  { additionalProperties: false },
)
export type GitHubCredentials = Static<typeof GitHubCredentials>
