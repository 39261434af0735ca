import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'
import { callback, docs, said } from './slack-call.ts'

const at = { channel: 'C1', ts: '1358878755.000001', event_ts: '1358878755.000001' }
const system = { ...at, user: 'U1', text: '<@U1> did it' }

function message(
  subtype: string,
  members: object,
  kind: string,
  place: Partial<ExpectedPlace> = { user: 'U1' },
) {
  return {
    event: `message/${subtype}`,
    docs: `${docs}/message/${subtype}`,
    body: callback({ type: 'message', subtype, ...members }),
    expected: [{ kind, conversation: 'T1:C1', route: { channel: 'C1' }, ...place }],
  } satisfies DocumentedEvent
}

const root = {
  type: 'message',
  user: 'U3',
  text: 'Was there was there',
  ts: '1482960137.003543',
  thread_ts: '1482960137.003543',
}
const inThread = { channel: 'C1', thread_ts: '1482960137.003543' }

/** Subtypes that only tell of something done to the channel. */
const notes = [
  'channel_archive',
  'channel_convert_to_private',
  'channel_name',
  'channel_posting_permissions',
  'channel_purpose',
  'channel_topic',
  'channel_unarchive',
  'file_mention',
  'group_archive',
  'group_name',
  'group_purpose',
  'group_topic',
  'group_unarchive',
  'huddle_thread',
  'pinned_item',
  'reminder_add',
  'unpinned_item',
]

/** https://docs.slack.dev/reference/events/message and the pages of its subtypes. */
export const messages: readonly DocumentedEvent[] = [
  {
    event: 'message',
    docs: `${docs}/message`,
    body: callback(said),
    expected: [
      { kind: 'message', conversation: 'T1:C1', user: 'U1', route: { channel: 'C1' }, text: 'Hello world' },
    ],
  },
  ...['message.app_home', 'message.channels', 'message.groups', 'message.im', 'message.mpim'].map(page => ({
    // Subscriptions: what comes is a `message` whose channel type differs.
    event: 'message',
    docs: `${docs}/${page}`,
    body: callback({ ...said, channel: 'D1', channel_type: page.slice('message.'.length), thread_ts: '1.0' }),
    expected: [
      { kind: 'message', conversation: 'T1:D1', user: 'U1', route: { channel: 'D1', thread_ts: '1.0' } },
    ],
  })),
  {
    event: 'app_mention',
    docs: `${docs}/app_mention`,
    body: callback({
      ...said,
      type: 'app_mention',
      text: '<@UBOT> is it everything?',
      channel_type: undefined,
    }),
    expected: [
      {
        kind: 'message',
        conversation: 'T1:C1',
        user: 'U1',
        route: { channel: 'C1' },
        text: '<@UBOT> is it everything?',
      },
    ],
  },
  ...notes.map(subtype => message(subtype, system, 'other')),
  message('assistant_app_thread', { ...at, user: 'U1', text: 'New chat', thread_ts: at.ts }, 'other', {
    user: 'U1',
    route: { channel: 'C1', thread_ts: at.ts },
  }),
  {
    // In a workspace whose bot id is not known nobody can tell whether it is the app's own.
    event: 'message/bot_message',
    docs: `${docs}/message/bot_message`,
    body: callback(
      {
        type: 'message',
        subtype: 'bot_message',
        ...at,
        text: 'Pushing is the answer',
        bot_id: 'B2',
        username: 'github',
      },
      { authorizations: [{ team_id: 'T1', user_id: 'UBOT1', is_bot: true, is_enterprise_install: false }] },
    ),
    expected: [{ kind: 'other', conversation: 'T1:C1', fromBot: true, route: { channel: 'C1' } }],
  },
  message('channel_join', { ...system, inviter: 'U2' }, 'membership'),
  message('channel_leave', system, 'membership'),
  message('document_mention', system, 'other'),
  message('ekm_access_denied', { ...at, user: 'UREVOKEDU', text: 'suspended' }, 'other', { fromBot: true }),
  message(
    'file_comment',
    { ...at, file: { id: 'F1' }, comment: { user: 'U1' }, text: 'commented' },
    'other',
    {},
  ),
  message('file_share', { ...at, user: 'U1', text: 'see', files: [{ id: 'F1' }], upload: true }, 'message'),
  message('group_join', system, 'membership'),
  message('group_leave', system, 'membership'),
  message('me_message', { ...at, user: 'U1', text: 'is doing that thing' }, 'message'),
  message(
    'message_changed',
    {
      ...at,
      hidden: true,
      message: { ...root, thread_ts: undefined, text: 'new', edited: { user: 'U2', ts: at.ts } },
    },
    'edit',
    { user: 'U2', text: 'new' },
  ),
  message('message_deleted', { ...at, hidden: true, deleted_ts: root.ts, previous_message: root }, 'other', {
    user: 'U3',
    route: inThread,
  }),
  message(
    'message_replied',
    { ...at, hidden: true, message: { ...root, reply_count: 1, replies: [{ user: 'U1', ts: at.ts }] } },
    'other',
    { user: 'U1', route: inThread },
  ),
  message(
    'reply_broadcast',
    { ...at, user: 'U1', attachments: [{ from_url: 'https://a.example' }] },
    'other',
  ),
  message('thread_broadcast', { ...at, user: 'U1', text: 'all', thread_ts: root.ts, root }, 'message', {
    user: 'U1',
    route: inThread,
  }),
]
