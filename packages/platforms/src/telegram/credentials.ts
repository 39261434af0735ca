import { type Static, Type } from 'typebox'

/**
 * What Telegram needs: the bot's token, the secret it repeats in every call, and perhaps a Bot API server of
 * one's own.
 */
export const TelegramCredentials = Type.Object(
  {
    token: Type.String({
      pattern: '^[0-9]{1,20}:[A-Za-z0-9_-]{1,128}$',
      description: 'The token from BotFather, such as 123456:ABC-def.',
    }),
    webhookSecret: Type.String({
      pattern: '^[A-Za-z0-9_-]{1,256}$',
      description: "setWebhook's secret_token: 1-256 letters, digits, _ and -; one of its own for each bot.",
    }),
    apiRoot: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#@]+$',
        maxLength: 2048,
        description: "The Bot API server; default https://api.telegram.org, Telegram's own.",
      }),
    ),
  },
  { additionalProperties: false },
)
export type TelegramCredentials = Static<typeof TelegramCredentials>
