import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'
import { changeOf, docsOf, metadata, number } from './change-of.ts'

const peer = '16505551234'
const contacts = [{ profile: { name: 'Sheena' }, wa_id: peer }]

/** A message of a user, of a type, and what it becomes. */
function message(
  type: string,
  content: object,
  { kind, text }: { kind: string; text?: string },
): DocumentedEvent {
  const expected: ExpectedPlace = {
    kind,
    conversation: `${number}:${peer}`,
    user: peer,
    route: { phone_number_id: number, to: peer, message: 'wamid.A' },
    ...(text !== undefined && { text }),
  }
  const sent = { from: peer, id: 'wamid.A', timestamp: '1749416383', type, ...content }
  const body = changeOf('messages', { metadata, contacts, messages: [sent] })
  return { event: `messages.${type}`, docs: docsOf(`messages/${type}`), body, expected: [expected] }
}

const file = { mime_type: 'image/jpeg', sha256: '3f9d', id: '24230790383178626' }
const interactive = (type: string, answer: object) => ({ interactive: { type, [type]: answer } })

/** The field `messages`: every type of message, statuses, errors and clicks. */
export const messageEvents: readonly DocumentedEvent[] = [
  message(
    'text',
    { text: { body: 'Does it come in another color?' } },
    {
      kind: 'message',
      text: 'Does it come in another color?',
    },
  ),
  message('text', { text: { body: '/help me' } }, { kind: 'command', text: '/help me' }),
  message('image', { image: { ...file, caption: 'Taj Mahal' } }, { kind: 'message', text: 'Taj Mahal' }),
  message('video', { video: { ...file, caption: 'A tour' } }, { kind: 'message', text: 'A tour' }),
  message('audio', { audio: { ...file, voice: true } }, { kind: 'message' }),
  message(
    'document',
    { document: { ...file, filename: 'a.pdf', caption: 'Bill' } },
    { kind: 'message', text: 'Bill' },
  ),
  message('sticker', { sticker: { ...file, animated: false } }, { kind: 'message' }),
  message('location', { location: { latitude: 37.48, longitude: -122.14, name: 'HQ' } }, { kind: 'message' }),
  message(
    'contacts',
    { contacts: [{ name: { formatted_name: 'B' }, phones: [{ phone: '1' }] }] },
    { kind: 'message' },
  ),
  message(
    'button',
    { button: { payload: 'Unsubscribe', text: 'Stop' } },
    { kind: 'button', text: 'Unsubscribe' },
  ),
  message('interactive', interactive('button_reply', { id: 'change', title: 'Change' }), {
    kind: 'button',
    text: 'change',
  }),
  message('interactive', interactive('list_reply', { id: 'express', title: 'Express' }), {
    kind: 'button',
    text: 'express',
  }),
  message('interactive', interactive('nfm_reply', { name: 'flow', body: 'Sent', response_json: '{"a":1}' }), {
    kind: 'modal',
    text: '{"a":1}',
  }),
  message('interactive', interactive('call_permission_reply', { response: 'accept' }), {
    kind: 'button',
    text: 'accept',
  }),
  message(
    'order',
    { order: { catalog_id: '1', text: 'Love these!', product_items: [] } },
    {
      kind: 'message',
      text: 'Love these!',
    },
  ),
  message('reaction', { reaction: { message_id: 'wamid.B', emoji: '👍' } }, { kind: 'reaction', text: '👍' }),
  message('reaction', { reaction: { message_id: 'wamid.B' } }, { kind: 'reaction' }),
  message(
    'edit',
    { edit: { original_message_id: 'wamid.B', message: { type: 'text', text: { body: 'new' } } } },
    {
      kind: 'edit',
      text: 'new',
    },
  ),
  message('revoke', { revoke: { original_message_id: 'wamid.B' } }, { kind: 'other' }),
  message(
    'system',
    { system: { body: 'changed', wa_id: '1', type: 'user_changed_number' } },
    { kind: 'other' },
  ),
  message('request_welcome', {}, { kind: 'other' }),
  message('unsupported', { errors: [{ code: 131051 }], unsupported: { type: 'poll' } }, { kind: 'other' }),
  message('unknown', { errors: [{ code: 131051 }] }, { kind: 'other' }),
  {
    event: 'messages.text',
    docs: docsOf('messages/group'),
    body: changeOf('messages', {
      metadata,
      contacts,
      messages: [{ from: peer, group_id: 'G==', id: 'wamid.A', type: 'text', text: { body: 'hi' } }],
    }),
    expected: [
      {
        kind: 'message',
        conversation: `${number}:group:G==`,
        user: peer,
        route: { phone_number_id: number, message: 'wamid.A' },
        text: 'hi',
      },
    ],
  },
  {
    event: 'messages.statuses',
    docs: docsOf('messages/status'),
    body: changeOf('messages', {
      metadata,
      statuses: [{ id: 'wamid.A', status: 'delivered', timestamp: '1750263773', recipient_id: peer }],
    }),
    expected: [
      {
        kind: 'status',
        conversation: `${number}:${peer}`,
        user: peer,
        route: { phone_number_id: number, to: peer },
      },
    ],
  },
  {
    event: 'messages.errors',
    docs: docsOf('messages/errors'),
    body: changeOf('messages', { metadata, errors: [{ code: 130429, title: 'Rate limit hit' }] }),
    expected: [{ kind: 'other', conversation: `number:${number}`, route: { phone_number_id: number } }],
  },
  {
    event: 'messages.user_actions',
    docs: 'https://developers.facebook.com/documentation/business-messaging/whatsapp/marketing-messages/webhooks',
    body: changeOf('messages', {
      metadata,
      user_actions: [{ action_type: 'marketing_messages_link_click', timestamp: '1753000000' }],
    }),
    expected: [{ kind: 'other', conversation: `number:${number}`, route: { phone_number_id: number } }],
  },
]
