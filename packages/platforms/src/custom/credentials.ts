import { type Static, Type } from 'typebox'

/** What the signed channel needs: the secret both sides share, and where replies go. */
export const CustomCredentials = Type.Object(
  {
    secret: Type.String({
      pattern: '^whsec_[A-Za-z0-9+/]{32,86}={0,2}$',
      description: 'whsec_ and the base64 of 24-64 random bytes (Standard Webhooks).',
    }),
    replyUrl: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s#@]+$',
        maxLength: 2048,
        description:
          'Where replies are posted, signed with the same secret; without it the bot cannot reply.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type CustomCredentials = Static<typeof CustomCredentials>
