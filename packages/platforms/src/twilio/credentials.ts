import { type Static, Type } from 'typebox'

/**
 * What Twilio needs: the account and its auth token, which signs and sends, and who sends where the user has
 * not written first.
 */
export const TwilioCredentials = Type.Object(
  {
    accountSid: Type.String({
      pattern: '^AC[0-9a-fA-F]{32}$',
      description: 'The account: AC and 32 hexadecimal digits.',
    }),
    authToken: Type.String({
      pattern: '^[\\x21-\\x7e]{1,128}$',
      description: "The account's auth token; it signs the calls and is the password of the API.",
    }),
    from: Type.Optional(
      Type.String({
        pattern: '^[^\\s/][^\\r\\n/]{0,63}$',
        description:
          'The number or sender of messages that answer no one, such as +15551234567 or whatsapp:+15551234567.',
      }),
    ),
    messagingServiceSid: Type.Optional(
      Type.String({
        pattern: '^MG[0-9a-fA-F]{32}$',
        description:
          'The messaging service that chooses the sender of messages that answer no one, instead of `from`.',
      }),
    ),
    apiRoot: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#@]+$',
        maxLength: 2048,
        description: "The API's address; default https://api.twilio.com.",
      }),
    ),
    conversationsApiRoot: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#@]+$',
        maxLength: 2048,
        description: "The Conversations API's address; default https://conversations.twilio.com.",
      }),
    ),
  },
  { additionalProperties: false },
)
export type TwilioCredentials = Static<typeof TwilioCredentials>
