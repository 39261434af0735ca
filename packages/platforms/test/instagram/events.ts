import type { DocumentedEvent } from '../conformance/documented-event.ts'
import { between, page, place, rowsOf, user } from '../meta/entry-of.ts'

const { messaging, change, other } = rowsOf('instagram', field =>
  field === 'messaging_handover' || field === 'standby'
    ? 'https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram'
    : 'https://developers.facebook.com/documentation/instagram-platform/webhooks/examples',
)

const mid = 'aWdfZAG0'
const comment = { id: '17865799348089039', text: 'nice', media: { id: '1', media_product_type: 'FEED' } }

/** Where each of Instagram's webhooks belongs, by its documentation. */
export const events: readonly DocumentedEvent[] = [
  messaging('messages', { message: { mid, text: 'hello' } }, { kind: 'message', text: 'hello' }),
  messaging(
    'messages',
    { message: { mid, text: 'hi', reply_to: { story: { id: '1' } } } },
    { kind: 'message', text: 'hi' },
  ),
  messaging(
    'messages',
    { message: { mid, attachments: [{ type: 'story_mention', payload: { url: 'u' } }] } },
    { kind: 'message' },
  ),
  messaging('messages', { message: { mid, is_unsupported: true } }, { kind: 'message' }),
  messaging('messages', { message: { mid, is_deleted: true } }),
  messaging(
    'messages',
    { message: { mid, text: 'Red', quick_reply: { payload: 'RED' } } },
    { kind: 'button', text: 'RED' },
  ),
  other(
    'messages',
    'messaging',
    { sender: { id: page }, recipient: { id: user }, message: { mid, text: '/hi', is_echo: true } },
    place,
  ),
  messaging(
    'message_edit',
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
  messaging(
    'message_reactions',
    { reaction: { mid, action: 'unreact' } },
    { kind: 'reaction', route: { message: mid } },
  ),
  messaging(
    'messaging_postbacks',
    { postback: { mid, title: 'Start', payload: 'START' } },
    { kind: 'button', text: 'START' },
  ),
  messaging('messaging_seen', { read: { mid } }, { kind: 'status' }),
  messaging('messaging_referral', { referral: { ref: 'R', source: 'IGME', type: 'OPEN_THREAD' } }),
  messaging('messaging_optins', { optin: { type: 'notification_messages', payload: 'P' } }),
  messaging('messaging_handover', { pass_thread_control: { new_owner_app_id: '1' } }),
  messaging('messaging_handover', { take_thread_control: { previous_owner_app_id: '1' } }),
  messaging('messaging_handover', { request_thread_control: { requested_owner_app_id: '1' } }),
  messaging('messaging_policy_enforcement', { policy_enforcement: { action: 'block', reason: 'x' } }),
  messaging('response_feedback', { response_feedback: { feedback: 'Good response', mid } }),
  other('standby', 'standby', between({ message: { mid, text: 'hi' } }), {
    ...place,
    route: { mode: 'standby' },
    text: 'hi',
  }),
  change(
    'comments',
    { from: { id: user, username: 'a' }, ...comment },
    {
      ...place,
      route: { comment: comment.id },
      text: 'nice',
    },
  ),
  change('comments', { from: { id: '5', username: 'us', self_ig_scoped_id: '6' }, ...comment }),
  change(
    'live_comments',
    { from: { id: user, username: 'a' }, ...comment },
    { ...place, route: { comment: comment.id } },
  ),
  change('mentions', { media_id: '17887498072083520', comment_id: '17887498072083520' }),
  change('story_insights', { media_id: '17887498072083520', impressions: 444, reach: 44 }),
]
