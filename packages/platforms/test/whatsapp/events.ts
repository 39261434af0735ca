import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'
import { accountEvents } from './account-events.ts'
import { changeOf, docsOf, metadata, number } from './change-of.ts'
import { groupEvents } from './group-events.ts'
import { messageEvents } from './message-events.ts'

const peer = '16505551234'
const scoped = 'US.13491208655302741918'
const contacts = [{ profile: { name: 'Sheena' }, wa_id: peer }]
const place: ExpectedPlace = {
  kind: 'other',
  conversation: `${number}:${peer}`,
  user: peer,
  route: { phone_number_id: number, to: peer },
}
const ofNumber: ExpectedPlace = {
  kind: 'other',
  conversation: `number:${number}`,
  route: { phone_number_id: number },
}
const standby: ExpectedPlace = { ...place, route: { phone_number_id: number, to: peer, mode: 'standby' } }

function event(
  field: string,
  value: object,
  expected: readonly ExpectedPlace[],
  page = field,
): DocumentedEvent {
  return { event: field, docs: docsOf(page), body: changeOf(field, value), expected }
}

/** WhatsApp's webhook fields but for messages, groups and accounts. */
const fieldEvents: readonly DocumentedEvent[] = [
  event(
    'calls',
    { metadata, contacts, calls: [{ id: 'wacid.A', from: peer, to: '15550783881', event: 'connect' }] },
    [place],
    'calls',
  ),
  event(
    'calls',
    { metadata, calls: [{ id: 'wacid.A', from: '15550783881', to: peer, event: 'terminate' }] },
    [place],
    'calls',
  ),
  event(
    'calls',
    { metadata, statuses: [{ id: 'wacid.A', type: 'call', status: 'RINGING', recipient_id: peer }] },
    [{ ...place, kind: 'status' }],
    'calls',
  ),
  event(
    'message_echoes',
    {
      metadata,
      message_echoes: [{ from: '15550783881', to: peer, id: 'wamid.A', type: 'text', text: { body: 'hi' } }],
    },
    [place],
    'smb_message_echoes',
  ),
  event(
    'smb_message_echoes',
    {
      metadata,
      message_echoes: [{ from: '15550783881', to: peer, id: 'wamid.A', type: 'text', text: { body: 'hi' } }],
    },
    [{ ...place, text: 'hi' }],
  ),
  event(
    'history',
    {
      metadata,
      history: [
        {
          metadata: { phase: 0, chunk_order: 1, progress: 55 },
          threads: [
            { id: peer, messages: [{ from: peer, id: 'wamid.A', type: 'text', text: { body: 'Thanks!' } }] },
            {
              id: '12125557890',
              messages: [{ from: '15550783881', id: 'wamid.B', type: 'text', text: { body: 'hi' } }],
            },
          ],
        },
      ],
    },
    [
      place,
      {
        ...place,
        conversation: `${number}:12125557890`,
        user: '12125557890',
        route: { phone_number_id: number, to: '12125557890' },
      },
    ],
  ),
  // The file of an old message, which the thread left out.
  event(
    'history',
    {
      metadata,
      messages: [{ from: peer, id: 'wamid.A', type: 'image', image: { id: '1', caption: '/old' } }],
    },
    [{ ...place, route: { phone_number_id: number, to: peer, message: 'wamid.A' } }],
  ),
  event(
    'history',
    { metadata, history: [{ errors: [{ code: 2593109, title: 'History sync is turned off' }] }] },
    [ofNumber],
  ),
  event(
    'smb_app_state_sync',
    {
      metadata,
      state_sync: [
        { type: 'contact', contact: { full_name: 'Sheena', phone_number: peer }, action: 'add' },
        { type: 'contact', contact: { phone_number: '1', user_id: scoped }, action: 'remove' },
      ],
    },
    [
      place,
      {
        kind: 'other',
        conversation: `${number}:${scoped}`,
        user: scoped,
        route: { phone_number_id: number, to: '1' },
      },
    ],
  ),
  event(
    'user_preferences',
    {
      metadata,
      contacts: [...contacts, { profile: { name: 'B' }, wa_id: '4916', user_id: scoped }],
      user_preferences: [
        { wa_id: peer, detail: 'x', category: 'marketing_messages', value: 'stop', timestamp: 1_739_321_024 },
        { wa_id: '4916', user_id: scoped, detail: 'x', category: 'marketing_messages', value: 'resume' },
      ],
    },
    [
      place,
      {
        kind: 'other',
        conversation: `${number}:${scoped}`,
        user: scoped,
        route: { phone_number_id: number, to: '4916' },
      },
    ],
  ),
  event(
    'user_id_update',
    {
      metadata,
      contacts,
      user_id_update: [
        { wa_id: peer, detail: 'x', user_id: { previous: 'US.1', current: scoped }, timestamp: '1' },
      ],
    },
    [{ ...place, conversation: `${number}:${scoped}`, user: scoped }],
    'user_id_update',
  ),
  event(
    'automatic_events',
    {
      metadata,
      automatic_events: [{ id: 'wamid.A', event_name: 'LeadSubmitted', timestamp: 1_749_069_089 }],
    },
    [{ ...ofNumber, route: { phone_number_id: number, message: 'wamid.A' } }],
  ),
  event('tracking_events', { metadata, event_name: 'Purchase' }, [ofNumber], 'overview'),
  event('consumer_profile', { metadata }, [ofNumber], 'overview'),
  event(
    'messaging_handovers',
    {
      messaging_product: 'whatsapp',
      recipient: metadata,
      sender: { phone_number: peer },
      timestamp: '1700000002',
      type: 'control_passed',
      control_passed: { previous_owner_role: 'ai_agent', new_owner_role: 'escalation' },
    },
    [place],
    'messaging-handovers',
  ),
  event(
    'messaging_handovers',
    {
      recipient: metadata,
      sender: { phone_number: peer, user_id: scoped },
      type: 'control_taken',
      control_taken: {},
    },
    [{ ...place, conversation: `${number}:${scoped}`, user: scoped }],
    'messaging-handovers',
  ),
  event(
    'standby',
    {
      metadata,
      standby: {
        contacts,
        messages: [{ from: peer, id: 'wamid.A', type: 'text', text: { body: '/start' } }],
      },
    },
    [
      {
        ...standby,
        text: '/start',
        route: { phone_number_id: number, to: peer, message: 'wamid.A', mode: 'standby' },
      },
    ],
  ),
  event(
    'standby',
    { metadata, standby: { statuses: [{ id: 'wamid.A', status: 'read', recipient_id: peer }] } },
    [{ ...standby, kind: 'status' }],
  ),
  event(
    'standby',
    {
      metadata,
      standby: {
        message_echoes: [
          {
            id: 'wamid.A',
            message: { to: peer, recipient_type: 'individual', type: 'text', text: { body: 'hi' } },
          },
        ],
      },
    },
    [standby],
  ),
]

/** Where each of WhatsApp's webhooks belongs, by its documentation. */
export const events: readonly DocumentedEvent[] = [
  ...messageEvents,
  ...fieldEvents,
  ...groupEvents,
  ...accountEvents,
]
