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
    cloud: Type.Optional(
      Type.Enum(['public', 'gcc', 'gccHigh', 'dod', 'china'], {
        description:
          "Microsoft's cloud that the bot is registered in; default: that of openIdUrl or loginUrl, else public.",
      }),
    ),
    openIdUrl: url("Where the keys are published; default the cloud's own."),
    loginUrl: url("Where tokens come from; default the cloud's own."),
    apiRoot: url("What is called instead of the service url of the conversation, Microsoft's own."),
  },
  { additionalProperties: false },
)
export type TeamsCredentials = Static<typeof TeamsCredentials>
