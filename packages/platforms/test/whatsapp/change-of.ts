/** The id of the phone number, and its account. */
export const number = '106540352242922'
export const account = '102290129340398'

export const metadata = { display_phone_number: '15550783881', phone_number_id: number }

/** A call that brings one change of a field. */
export function changeOf(field: string, value: object): object {
  return {
    object: 'whatsapp_business_account',
    entry: [{ id: account, changes: [{ field, value: { messaging_product: 'whatsapp', ...value } }] }],
  }
}

export const docsOf = (page: string) =>
  `https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/${page}`
