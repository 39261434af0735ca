import { type Static, Type } from 'typebox'

const url = (description: string) =>
  Type.Optional(Type.String({ pattern: '^https?://[^\\s?#@]+$', maxLength: 2048, description }))

/** What Teams needs: the app's id and password (client secret), and for an app of one tenant that tenant. */
export const TeamsCredentials = Type.Object(
  {
    appId: Type.String({
      pattern: '^[0-9a-fA-F-]{36}$',
      description: 'The Microsoft App ID of the Azure Bot, a GUID.',
    }),
    appPassword: Type.String({
      minLength: 1,
      maxLength: 512,
      description: "The app's client secret (its value, not its id).",
    }),
    tenantId: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9.-]{1,128}$',
        description: 'The tenant of a single-tenant app; without it the app is multi-tenant.',
      }),
    ),
    openIdUrl: url(
      'Where the keys are published; default https://login.botframework.com/v1/.well-known/openidconfiguration.',
    ),
    loginUrl: url('Where tokens come from; default https://login.microsoftonline.com.'),
    apiRoot: url("What is called instead of the service url of the conversation, Microsoft's own."),
  },
  { additionalProperties: false },
)
export type TeamsCredentials = Static<typeof TeamsCredentials>
