import { type Static, Type } from 'typebox'

const url = (description: string) =>
  Type.Optional(Type.String({ pattern: '^https?://[^\\s?#]+$', maxLength: 2048, description }))
const Email = Type.String({ pattern: '^[^\\s@]{1,128}@[^\\s@]{1,128}$' })

/** What Google Chat needs: the audience that the app's page names, and the service account to send with. */
export const GoogleChatCredentials = Type.Object(
  {
    audience: Type.String({
      pattern: '^(?:https://\\S{1,2000}|[0-9]{4,20})$',
      description:
        "The authentication audience of the app's configuration: its endpoint url, or the project's number.",
    }),
    callers: Type.Optional(
      Type.Array(Email, {
        maxItems: 10,
        uniqueItems: true,
        description:
          "Service accounts that may call besides Chat's own, by tokens for the endpoint url: a Workspace add-on's, a Pub/Sub push subscription's.",
      }),
    ),
    serviceAccount: Type.Optional(
      Type.Object(
        {
          client_email: Email,
          private_key: Type.String({
            minLength: 1,
            maxLength: 8192,
            description: 'PEM, as in the JSON key file.',
          }),
        },
        {
          additionalProperties: false,
          description: "Of the service account's JSON key; without it the bot can only answer in the call.",
        },
      ),
    ),
    jwksUrl: url('Keys of tokens for an endpoint url; default https://www.googleapis.com/oauth2/v3/certs.'),
    certsUrl: url("Keys of tokens for a project's number; default Google's certificates of chat@system."),
    tokenUrl: url('Where access tokens come from; default https://oauth2.googleapis.com/token.'),
    apiRoot: url('The API; default https://chat.googleapis.com.'),
  },
  { additionalProperties: false },
)
export type GoogleChatCredentials = Static<typeof GoogleChatCredentials>
