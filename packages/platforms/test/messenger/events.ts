import { messengerEvents } from '../../src/messenger/event-names.ts'
import type { DocumentedEvent } from '../conformance/documented-event.ts'
import { between, ofPage, page, place, rowsOf, user } from '../meta/entry-of.ts'

const pageDocs = 'https://developers.facebook.com/docs/graph-api/webhooks/reference/page'
const root = 'https://developers.facebook.com/documentation/business-messaging/messenger-platform'
const { messaging, change, other } = rowsOf('page', field =>
  /^mess|standby|send_cart|response_feedback/.test(field)
    ? `${root}/webhooks/webhook-events/${field}`
    : pageDocs,
)

const mid = 'm_1'
const control = { new_owner_app_id: '123', metadata: 'x' }

const conversations: readonly DocumentedEvent[] = [
  messaging('messages', { message: { mid, text: 'hello' } }, { kind: 'message', text: 'hello' }),
  messaging('messages', { message: { mid, text: '/start' } }, { kind: 'command', text: '/start' }),
  messaging(
    'messages',
    { message: { mid, attachments: [{ type: 'image', payload: { url: 'u' } }] } },
    { kind: 'message' },
  ),
  messaging(
    'messages',
    { message: { mid, text: 'Red', quick_reply: { payload: 'RED' } } },
    { kind: 'button', text: 'RED' },
  ),
  other(
    'message_echoes',
    'messaging',
    {
      sender: { id: page },
      recipient: { id: user },
      message: { mid, is_echo: true, app_id: 1, text: '/hi' },
    },
    place,
  ),
  messaging(
    'message_edits',
    { message_edit: { mid, text: 'new', num_edit: 1 } },
    { kind: 'edit', text: 'new' },
  ),
  messaging(
    'message_reactions',
    { reaction: { mid, action: 'react', reaction: 'love', emoji: '❤️' } },
    {
      kind: 'reaction',
      text: '❤️',
      route: { message: mid },
    },
  ),
  messaging('message_reads', { read: { watermark: 1_458_668_856_253 } }, { kind: 'status' }),
  messaging(
    'message_deliveries',
    { delivery: { mids: [mid], watermark: 1_458_668_856_253 } },
    { kind: 'status' },
  ),
  messaging(
    'messaging_postbacks',
    { postback: { mid, title: 'Start', payload: 'START' } },
    { kind: 'button', text: 'START' },
  ),
  // As the page on postbacks shows it: in a change, from a user who is known by a reference alone.
  change(
    'messaging_postbacks',
    { ...between({ postback: { mid, title: 'T', payload: 'P' } }), sender: { user_ref: 'ref-1' } },
    { kind: 'button', conversation: `${page}:ref:ref-1`, text: 'P' },
  ),
  messaging('messaging_optins', { optin: { type: 'notification_messages', payload: 'P' } }),
  other(
    'messaging_optins',
    'messaging',
    { recipient: { id: page }, timestamp: 1, optin: { ref: 'R', user_ref: 'ref-1' } },
    { kind: 'other', conversation: `${page}:ref:ref-1` },
  ),
  messaging('messaging_optouts', { optout: { type: 'notification_messages' } }),
  messaging('messaging_referrals', { referral: { ref: 'R', source: 'SHORTLINK', type: 'OPEN_THREAD' } }),
  messaging('messaging_account_linking', { account_linking: { status: 'linked', authorization_code: 'C' } }),
  messaging('messaging_game_plays', { game_play: { game_id: '1', player_id: '2', score: 3 } }),
  messaging('messaging_handovers', { pass_thread_control: control }),
  messaging('messaging_handovers', { take_thread_control: { previous_owner_app_id: '123' } }),
  messaging('messaging_handovers', { request_thread_control: { requested_owner_app_id: 1 } }),
  other(
    'messaging_handovers',
    'messaging',
    { recipient: { id: page }, timestamp: 1, app_roles: { 123: ['primary_receiver'] } },
    ofPage,
  ),
  other(
    'messaging_policy_enforcement',
    'messaging',
    { recipient: { id: page }, timestamp: 1, policy_enforcement: { action: 'block', reason: 'x' } },
    ofPage,
  ),
  messaging('messaging_feedback', { messaging_feedback: { feedback_screens: [] } }),
  messaging('messaging_customer_information', { messaging_customer_information: { screens: [] } }),
  messaging('send_cart', { order: { products: [{ id: 123, quantity: 1 }], note: 'foobar' } }),
  messaging('messaging_pre_checkouts', { pre_checkout: { payload: 'P' } }),
  messaging('messaging_checkout_updates', { checkout_update: { payload: 'P' } }),
  messaging('messaging_payments', { payment: { payload: 'P' } }),
  messaging('response_feedback', { response_feedback: { feedback: 'Good response', mid } }),
  messaging('call_permission_reply', { call_permission_reply: { response: 'accept' } }),
  other('standby', 'standby', between({ message: { mid, text: '/start' } }), {
    ...place,
    route: { mode: 'standby' },
    text: '/start',
  }),
  // In standby a postback has no payload.
  other('standby', 'standby', between({ postback: { title: 'Start' } }), {
    ...place,
    route: { mode: 'standby' },
  }),
  other('standby', 'standby', between({ read: { watermark: 1 } }), {
    ...place,
    kind: 'status',
    route: { mode: 'standby' },
  }),
  other(
    'calls',
    'calls',
    { id: 'c_1', from: user, to: page, event: 'connect', timestamp: 1_671_644_824 },
    place,
  ),
  other(
    'calls',
    'calls',
    { id: 'c_1', from: page, to: user, event: 'terminate', timestamp: 1_671_644_824 },
    place,
  ),
]

const comment = {
  item: 'comment',
  verb: 'add',
  comment_id: '1_2',
  post_id: '9_1',
  message: 'hi',
  created_time: 1_458_692_752,
}

const posts: readonly DocumentedEvent[] = [
  change(
    'feed',
    { from: { id: user, name: 'A' }, ...comment },
    { ...place, route: { comment: '1_2' }, text: 'hi' },
  ),
  change('feed', { from: { id: page, name: 'Us' }, ...comment }),
  change('feed', { from: { id: user, name: 'A' }, item: 'reaction', verb: 'add', post_id: '9_1' }, place),
  change('mention', { sender_id: user, sender_name: 'A', item: 'post', verb: 'add', post_id: '9_1' }, place),
  change('ratings', { reviewer_id: user, reviewer_name: 'A', item: 'rating', verb: 'add' }, place),
  change('leadgen', { leadgen_id: '1', page_id: page, form_id: '2', created_time: 1_458_692_752 }),
  change('live_videos', { id: '1', status: 'live' }),
]

/** Fields whose change is about the page, and whose value names nobody who could be answered. */
const named = new Set([...conversations, ...posts].map(({ event }) => event))
const ofPageItself = [...messengerEvents]
  .filter(field => !named.has(field))
  .map(field => change(field, { verb: 'edit' }))

/** Where each of Messenger's webhooks belongs, by its documentation. */
export const events: readonly DocumentedEvent[] = [...conversations, ...posts, ...ofPageItself]
