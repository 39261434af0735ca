import { type Static, Type } from 'typebox'

const botToken = Type.String({
  pattern: '^xox[A-Za-z0-9.-]{1,512}$',
  description:
    "The bot's token in a workspace, which begins with xoxb-; without it only response urls can be answered.",
})

/**
 * What Slack needs: the app's signing secret, and a token to send by, where the app stands in one workspace.
 */
export const SlackCredentials = Type.Object(
  {
    signingSecret: Type.String({
      pattern: '^[A-Za-z0-9]{16,128}$',
      description: "The app's signing secret, from its Basic Information page.",
    }),
    botToken: Type.Optional(botToken),
    apiRoot: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#@]+$',
        maxLength: 2048,
        description: "The Web API; default https://slack.com/api, Slack's own.",
      }),
    ),
  },
  { additionalProperties: false },
)
export type SlackCredentials = Static<typeof SlackCredentials>

/** What one workspace, or organisation, that the app was installed in gave for it. */
export const SlackTenantCredentials = Type.Object({ botToken }, { additionalProperties: false })
export type SlackTenantCredentials = Static<typeof SlackTenantCredentials>
