import { awkwardText } from '../conformance/awkward-text.ts'
import type { PlatformQuestions } from '../conformance/platform-questions.ts'
import { changeOf, metadata, number } from './change-of.ts'

const peer = '16505551234'
const textOf = (body: string, more: object = {}) => ({
  from: peer,
  id: 'wamid.A',
  type: 'text',
  text: { body },
  ...more,
})
const echo = { from: '15550783881', to: peer, id: 'wamid.A', type: 'text', text: { body: 'hi' } }
const messages = (message: object) => changeOf('messages', { metadata, messages: [message] })

/** WhatsApp's answers to the questions of every platform. */
export const questions: PlatformQuestions = {
  ownMessages: [
    { body: changeOf('smb_message_echoes', { metadata, message_echoes: [echo] }) },
    { body: changeOf('message_echoes', { metadata, message_echoes: [echo] }) },
    { body: changeOf('history', { metadata, messages: [echo] }) },
    { body: changeOf('standby', { metadata, standby: { messages: [textOf('hi')] } }) },
    { body: messages(echo) },
  ],
  foreignCommands:
    'A chat is with one business, and commands name none (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/conversational-components).',
  placeholderUsers: [
    { body: messages({ id: 'wamid.A', type: 'text', text: { body: 'hi' } }), user: undefined },
  ],
  deliveredTwice: [
    [
      { body: messages(textOf('hi')) },
      { body: changeOf('messages', { metadata, contacts: [{ wa_id: peer }], messages: [textOf('hi')] }) },
    ],
  ],
  places: [
    {
      body: messages(textOf('hi')),
      conversation: `${number}:${peer}`,
      route: { phone_number_id: number, to: peer, message: 'wamid.A' },
      reply: { path: `/v25.0/${number}/messages`, body: { recipient_type: 'individual', to: peer } },
    },
    {
      body: messages(textOf('hi', { group_id: 'G==' })),
      conversation: `${number}:group:G==`,
      route: { phone_number_id: number, message: 'wamid.A' },
      reply: { path: `/v25.0/${number}/messages`, body: { recipient_type: 'group', to: 'G==' } },
    },
  ],
  unknownEvents: [
    {
      body: changeOf('a_new_field', { metadata, messages: [textOf('/start')] }),
      conversation: `${number}:${peer}`,
    },
    { body: changeOf('a_new_field', { metadata }), conversation: `number:${number}` },
    { body: messages({ from: peer, id: 'wamid.A', type: 'a_new_type' }), conversation: `${number}:${peer}` },
  ],
  typedTexts: [
    { body: messages(textOf('*a* &amp; <b> _c_')), text: '*a* &amp; <b> _c_' },
    {
      body: messages({ ...textOf(''), type: 'image', image: { id: '1', caption: 'a caption' } }),
      text: 'a caption',
    },
  ],
  otherBots:
    'Messages of other businesses are not told from people’s (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages).',
  // WhatsApp has no plain mode and no escape: what it shows as formatting is sent as it was written.
  replyText: { body: messages(textOf('hi')), reply: { body: { type: 'text', text: { body: awkwardText } } } },
  nativeText: { of: text => ({ type: 'text', text: { body: text } }) },
}
