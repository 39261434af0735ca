import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'

const docs = 'https://zulip.com/api/outgoing-webhook-payload'

const message = {
  id: 112,
  content: '/start',
  sender_id: 5,
  sender_email: 'ann@chat.example',
  timestamp: 1527876931,
}
const inChannel = { ...message, type: 'stream', stream_id: 7, display_recipient: 'Verona', subject: 'a / b' }
const people = (...ids: number[]) => ids.map(id => ({ id, email: `user${id}@chat.example` }))

function native(
  trigger: string,
  more: object,
  expected: Omit<ExpectedPlace, 'kind' | 'user'>,
): DocumentedEvent {
  return {
    event: trigger,
    docs,
    body: {
      bot_email: 'bot@chat.example',
      bot_full_name: 'Helper',
      data: '/start',
      message: more,
      token: 't',
      trigger,
    },
    expected: [{ kind: 'command', user: '5', ...expected }],
  }
}

/** What makes Zulip call an outgoing webhook, in both formats. */
export const events: readonly DocumentedEvent[] = [
  native('mention', inChannel, { conversation: '7/a / b', text: '/start' }),
  native(
    'mention',
    { ...inChannel, content: '@**Helper** /start' },
    { conversation: '7/a / b', text: '/start' },
  ),
  // A channel's general chat.
  native('mention', { ...inChannel, subject: '' }, { conversation: '7/' }),
  native(
    'direct_message',
    { ...message, type: 'private', display_recipient: people(25, 5), subject: '' },
    { conversation: 'dm:5,25' },
  ),
  native(
    'direct_message',
    { ...message, type: 'private', display_recipient: people(100, 25, 5), subject: '' },
    { conversation: 'dm:5,25,100' },
  ),
  native(
    'private_message',
    { ...message, type: 'private', display_recipient: people(25, 5) },
    { conversation: 'dm:5,25' },
  ),
  {
    event: 'mention',
    docs,
    contentType: 'application/x-www-form-urlencoded',
    body: {
      token: 't',
      team_id: 'T1512',
      team_domain: 'chat.example',
      channel_id: 'C7',
      channel_name: 'Verona',
      thread_ts: '1527876931',
      timestamp: '1527876931',
      user_id: 'U5',
      user_name: 'Ann',
      text: '@**Helper** hi',
      trigger_word: 'mention',
      service_id: '27',
    },
    expected: [{ kind: 'message', conversation: '7', user: '5', text: '@**Helper** hi' }],
  },
]
