import { type Static, Type } from 'typebox'
import { GraphId, GraphToken, metaFields } from '../meta/credentials.ts'

/** What Messenger needs: the app's secret, and a token to speak with. */
export const MessengerCredentials = Type.Object(
  {
    ...metaFields,
    pageAccessToken: GraphToken("The page's token with pages_messaging."),
    pageId: Type.Optional(
      GraphId("The page that speaks where a conversation names none; default: the token's own."),
    ),
  },
  { additionalProperties: false },
)
export type MessengerCredentials = Static<typeof MessengerCredentials>
