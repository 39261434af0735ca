import { type Static, Type } from 'typebox'

/**
 * What Discord needs: the application's key and id; the bot's token to write where no interaction is to be
 * answered.
 */
export const DiscordCredentials = Type.Object(
  {
    publicKey: Type.String({
      pattern: '^[0-9a-fA-F]{64}$',
      description: "The application's public key, 64 hexadecimal digits, from its General Information page.",
    }),
    applicationId: Type.String({
      pattern: '^[0-9]{1,20}$',
      description: "The application's id, a snowflake.",
    }),
    botToken: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9._-]{1,512}$',
        description:
          "The bot's token, without `Bot `: for broadcasts, typing, registering, and replies later than 15 minutes.",
      }),
    ),
    apiRoot: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#@]+$',
        maxLength: 2048,
        description: "The API with its version; default https://discord.com/api/v10, Discord's own.",
      }),
    ),
  },
  { additionalProperties: false },
)
export type DiscordCredentials = Static<typeof DiscordCredentials>
