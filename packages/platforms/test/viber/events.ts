import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'

const root = 'https://developers.viber.com/docs/api/rest-bot-api'
const id = '01234567890A='
const user = { id, name: 'John McClane', language: 'en', country: 'UK', api_version: 1 }

/** A callback: all have these members. */
function event(name: string, content: object, expected: Partial<ExpectedPlace> = {}): DocumentedEvent {
  const [callback = name] = name.split('.')
  return {
    event: name,
    docs: `${root}/#callbacks`,
    body: { event: callback, timestamp: 1_457_764_197_627, message_token: 4_912_661_846, ...content },
    expected: [{ kind: 'other', conversation: id, user: id, route: { event: callback }, ...expected }],
  }
}

function message(type: string, content: object, expected: Partial<ExpectedPlace> = {}): DocumentedEvent {
  return event(
    `message.${type}`,
    { sender: user, message: { type, ...content } },
    { kind: 'message', ...expected },
  )
}

/** Where each of Viber's callbacks belongs, by its documentation. */
export const events: readonly DocumentedEvent[] = [
  message(
    'text',
    { text: 'a message to the service', tracking_data: 'tracking data' },
    { text: 'a message to the service' },
  ),
  message('text', { text: '/start now' }, { kind: 'command', text: '/start now' }),
  message('picture', { text: 'a caption', media: 'https://x.example/a.jpg' }, { text: 'a caption' }),
  message('video', { media: 'https://x.example/a.mp4', size: 1, duration: 1 }),
  message('file', { media: 'https://x.example/a.pdf', file_name: 'a.pdf', size: 1 }),
  message('sticker', { sticker_id: 46_105 }),
  message('contact', { contact: { name: 'A', phone_number: '+1' } }),
  message('url', { media: 'https://x.example' }),
  message('location', { location: { lat: 50.76, lon: 6.1 } }),
  // The gateway answers it by itself.
  { ...event('webhook', {}), expected: [] },
  event('subscribed', { user }, { kind: 'membership' }),
  event('unsubscribed', { user_id: id }, { kind: 'membership' }),
  event('conversation_started', { type: 'open', context: 'c', user, subscribed: false }),
  event('delivered', { user_id: id }, { kind: 'status' }),
  event('seen', { user_id: id }, { kind: 'status' }),
  event('failed', { user_id: id, desc: 'failure description' }, { kind: 'status' }),
  event('client_status', { user, status: { code: 0, message: 'ok' } }),
]
