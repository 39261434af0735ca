import { type Static, Type } from 'typebox'
import { GraphId, GraphToken, metaFields } from '../meta/credentials.ts'

/** What the WhatsApp Cloud API needs; one bot may have several phone numbers, this one speaks first. */
export const WhatsAppCredentials = Type.Object(
  {
    ...metaFields,
    accessToken: GraphToken("A system user's token with whatsapp_business_messaging."),
    phoneNumberId: GraphId(
      'The id (not the number) of the phone number that broadcasts are sent from; replies use their own.',
    ),
  },
  { additionalProperties: false },
)
export type WhatsAppCredentials = Static<typeof WhatsAppCredentials>
