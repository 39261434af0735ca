import { type Static, Type } from 'typebox'
import { GraphId, GraphToken, metaFields } from '../meta/credentials.ts'

/** What Instagram needs: the app's secret, and a token to speak with. */
export const InstagramCredentials = Type.Object(
  {
    ...metaFields,
    accessToken: GraphToken("The account's token with instagram_business_manage_messages."),
    accountId: Type.Optional(
      GraphId("The account that speaks where a conversation names none; default: the token's own."),
    ),
  },
  { additionalProperties: false },
)
export type InstagramCredentials = Static<typeof InstagramCredentials>
