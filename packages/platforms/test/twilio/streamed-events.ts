import { streamedKinds } from '../../src/twilio/event-names.ts'
import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'
import { account, message, ours, place, service, theirs } from './form-of.ts'

const root = 'https://www.twilio.com/docs/events/event-types'
const conversation = `CH${'b'.repeat(32)}`

/** An event of a sink, which gets arrays of them. */
function event(type: string, data: object, expected: ExpectedPlace): DocumentedEvent {
  const [product = '', ...rest] = type.replace('com.twilio.', '').split('.')
  const cloudEvent = {
    specversion: '1.0',
    type,
    source: '/v1/x',
    id: 'EZ1',
    data: { accountSid: account, ...data },
  }
  const page = product === 'messaging' && rest[0] === 'message' ? 'outbound-message' : rest[0]
  return { event: type, docs: `${root}/${product}/${page}`, body: [cloudEvent], expected: [expected] }
}

const sent = { messageSid: message.MessageSid, from: ours, to: theirs, timestamp: '2026-11-28T21:00:00.000Z' }
const messages = [...streamedKinds].filter(([type, kind]) => type.includes('messaging') && kind === 'status')
const conversations = [...streamedKinds].filter(([type]) => type.includes('conversations'))

/** Event Streams: events of messages and conversations. */
export const streamedEvents: readonly DocumentedEvent[] = [
  event(
    'com.twilio.messaging.inbound-message.received',
    { messageSid: message.MessageSid, from: theirs, to: ours, body: 'hi', messagingServiceSid: service },
    { ...place, kind: 'message', text: 'hi', route: { from: ours, service } },
  ),
  ...messages.map(([type]) =>
    event(
      type,
      { ...sent, messageStatus: type.split('.').at(-1)!.toUpperCase() },
      { ...place, kind: 'status' },
    ),
  ),
  ...conversations.map(([type, kind]) => {
    if (type.includes('.user.'))
      return event(type, { Identity: 'ann' }, { kind, conversation: 'user:ann', user: 'ann' })
    const of = { ConversationSid: conversation, Author: 'system' }
    return event(type, type.includes('.participant.') ? { ...of, Author: undefined, Identity: 'ann' } : of, {
      kind,
      conversation,
      ...(type.includes('.participant.') && { user: 'ann' }),
    })
  }),
]
