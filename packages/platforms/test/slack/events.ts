import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'
import { interactions } from './interaction-events.ts'
import { messages } from './message-events.ts'
import { callback, docs } from './slack-call.ts'

type Place = Omit<ExpectedPlace, 'kind' | 'conversation'> & {
  readonly kind?: string
  readonly conversation?: string
}

/** An event of the Events API: in the channel C1 by U1 unless said otherwise. */
function event(type: string, members: object, place: Place = {}): DocumentedEvent {
  const { kind = 'other', conversation = 'T1:C1', ...rest } = place
  return {
    event: type,
    docs: `${docs}/${type}`,
    body: callback({ type, ...members, event_ts: '1783536983.783769' }),
    expected: [{ kind, conversation, ...rest }],
  }
}

/** What is of a channel, by a person that is named or by nobody. */
const ofChannel = (type: string, members: object, user?: string, kind?: string) =>
  event(type, members, { ...(kind && { kind }), ...(user && { user }), route: { channel: 'C1' } })

/** What is of a person, in no channel. */
const ofUser = (type: string, members: object, user = 'U1', kind?: string) =>
  event(type, members, { ...(kind && { kind }), conversation: `T1:user:${user}`, user, route: {} })

/** What is of the workspace as a whole. */
const ofTeam = (type: string, members: object = {}, kind?: string) =>
  event(type, members, { ...(kind && { kind }), conversation: 'T1', route: {} })

const channel = { channel: 'C1' }
const both = { channel: 'C1', user: 'U1' }
const renamed = { id: 'C1', name: 'new_name', name_normalized: 'new_name', created: 1360782804 }
const file = { file_id: 'F1', file: { id: 'F1' } }
const fileBy = { ...file, user_id: 'U1' }
const invite = {
  id: 'I1',
  date_created: 1626876000,
  date_invalid: 1628085600,
  inviting_user: { id: 'U9', team_id: 'T9' },
}
const shared = { id: 'C1', is_private: false, is_im: false, name: 'test-slack-connect' }
const thread = {
  user_id: 'U1',
  context: { channel_id: 'C9' },
  channel_id: 'D1',
  thread_ts: '1782234671.392669',
}
const inThread = {
  conversation: 'T1:D1',
  user: 'U1',
  route: { channel: 'D1', thread_ts: '1782234671.392669' },
}
const session = { channel: 'C1', user: 'U1', thread_ts: '1782234671.392669' }
const ofSession = { user: 'U1', route: { channel: 'C1', thread_ts: '1782234671.392669' } }
const item = { type: 'message', channel: 'C1', ts: '1360782400.498405' }
const metadata = { event_type: 'task_created', event_payload: { id: 'TK-2132' } }
const withMetadata = {
  app_id: 'A2',
  bot_id: 'B2',
  user_id: 'U2',
  channel_id: 'C1',
  message_ts: '1630708981.000001',
}
const byBot = { user: 'U2', fromBot: true, route: { channel: 'C1' } } as const
const profile = { id: 'U1', team_id: 'T1', name: 'some-user', profile: { status_text: 'riding a train' } }
const subteam = {
  id: 'S1',
  team_id: 'T1',
  is_usergroup: true,
  handle: 'marketing-team',
  created_by: 'U1',
  users: [],
}
const workflow = { workflow_id: 'Wf1' }
const entity = {
  user: 'U1',
  link: { url: 'https://a.example/1', domain: 'a.example' },
  entity_url: 'https://a.example/1',
}

/** https://docs.slack.dev/reference/events, and the events of @slack/types that have no page yet. */
export const events: readonly DocumentedEvent[] = [
  ...messages,
  ...interactions,
  event('agent_session_stopped', { ...session, streaming_message_ts: [] }, { kind: 'stop', ...ofSession }),
  event(
    'agent_session_title_changed',
    { ...session, team_id: 'T1', title: 'Bora Bora trip prep' },
    ofSession,
  ),
  ofChannel('app_context_changed', { ...both, context: {} }, 'U1'),
  ofTeam('app_deleted', {
    app_id: 'A2',
    app_name: 'app',
    app_owner_id: 'U1',
    team_id: 'T1',
    team_domain: 't',
  }),
  ofChannel('app_home_opened', { ...both, tab: 'home' }, 'U1'),
  ofUser('app_installed', {
    app_id: 'A2',
    app_name: 'app',
    app_owner_id: 'U2',
    user_id: 'U1',
    team_id: 'T1',
  }),
  {
    event: 'app_rate_limited',
    docs: `${docs}/app_rate_limited`,
    body: {
      token: 't',
      type: 'app_rate_limited',
      team_id: 'T1',
      minute_rate_limited: 1518467820,
      api_app_id: 'A1',
    },
    expected: [{ kind: 'other', conversation: 'T1' }],
  },
  ofUser('app_requested', {
    app_request: { id: 'Ar1', app: { id: 'A2' } },
    user: { id: 'U1' },
    team: { id: 'T1' },
  }),
  ofTeam('app_uninstalled', {}, 'membership'),
  ofUser('app_uninstalled_team', { app_id: 'A2', app_owner_id: 'U2', user_id: 'U1', team_id: 'T1' }),
  event('assistant_thread_context_changed', { assistant_thread: thread }, inThread),
  event('assistant_thread_started', { assistant_thread: thread }, inThread),
  ofChannel(
    'call_rejected',
    { call_id: 'R1', user_id: 'U1', channel_id: 'C1', external_unique_id: '123' },
    'U1',
  ),
  ofChannel('channel_archive', both, 'U1'),
  ofChannel('channel_created', { channel: { ...renamed, creator: 'U1' } }, 'U1'),
  ofChannel('channel_deleted', channel),
  ofTeam('channel_history_changed', { latest: '1358877455.000010', ts: '1361482916.000003' }),
  ofChannel('channel_id_changed', { old_channel_id: 'G1', new_channel_id: 'C1' }),
  ofChannel('channel_left', { ...channel, actor_id: 'U1' }, 'U1', 'membership'),
  ofChannel('channel_rename', { channel: renamed }),
  ofChannel('channel_shared', { ...channel, connected_team_id: 'E2' }),
  ofChannel('channel_unarchive', both, 'U1'),
  ofChannel('channel_unshared', { ...channel, previously_connected_team_id: 'E2', is_ext_shared: false }),
  ofUser('dnd_updated', { user: 'U1', dnd_status: { dnd_enabled: true } }),
  ofUser('dnd_updated_user', { user: 'U1', dnd_status: { dnd_enabled: true } }),
  ofTeam('email_domain_changed', { email_domain: 'example.com' }),
  ofTeam('emoji_changed', { subtype: 'add', name: 'picard_facepalm', value: 'https://a.example/1.gif' }),
  ofUser('entity_comments_requested', { ...entity, limit: 100, trigger_id: '1.2.a' }),
  event(
    'entity_details_requested',
    {
      ...entity,
      trigger_id: '1.2.a',
      user_locale: 'en-US',
      channel: 'C1',
      message_ts: '1.1',
      thread_ts: '1.0',
    },
    { user: 'U1', route: { channel: 'C1', thread_ts: '1.0' } },
  ),
  ofTeam('file_change', file),
  ofTeam('file_comment_added', { ...file, comment: {} }),
  ofTeam('file_comment_deleted', { ...file, comment: 'Fc1' }),
  ofTeam('file_comment_edited', { ...file, comment: {} }),
  ofUser('file_created', fileBy),
  ofTeam('file_deleted', { file_id: 'F1' }),
  ofUser('file_public', fileBy),
  ofChannel('file_shared', { ...fileBy, channel_id: 'C1' }, 'U1'),
  ofChannel('file_unshared', { ...fileBy, channel_id: 'C1' }, 'U1'),
  ofTeam('function_executed', {
    function: { id: 'Fn1', callback_id: 'sample', title: 'Sample', type: 'app', app_id: 'A1' },
    inputs: { user_id: 'U1' },
    function_execution_id: 'Fx1',
    workflow_execution_id: 'Wx1',
  }),
  ofTeam('grid_migration_finished', { enterprise_id: 'E1' }),
  ofTeam('grid_migration_started', { enterprise_id: 'E1' }),
  ofChannel('group_archive', { ...both, is_moved: 0 }, 'U1'),
  ofChannel('group_close', both, 'U1'),
  ofChannel('group_deleted', { ...channel, date_deleted: 1360782804, actor_id: 'U1' }, 'U1'),
  ofTeam('group_history_changed', { latest: '1358877455.000010', ts: '1361482916.000003' }),
  ofChannel('group_left', { ...channel, actor_id: 'U1' }, 'U1', 'membership'),
  ofChannel('group_open', both, 'U1'),
  ofChannel('group_rename', { channel: renamed }),
  ofChannel('group_unarchive', { ...channel, actor_id: 'U1' }, 'U1'),
  ofChannel('im_close', both, 'U1'),
  ofChannel('im_created', { user: 'U1', channel: { id: 'C1' } }, 'U1'),
  ofTeam('im_history_changed', { latest: '1358877455.000010', ts: '1361482916.000003' }),
  ofChannel('im_open', both, 'U1'),
  ofUser('invite_requested', {
    invite_request: { id: 'Ir1', requester_ids: ['U1'], channel_ids: ['C1', 'C2'] },
  }),
  event(
    'link_shared',
    {
      ...both,
      is_bot_user_member: true,
      message_ts: '1.1',
      thread_ts: '1.0',
      links: [{ domain: 'a.example', url: 'https://a.example' }],
    },
    { user: 'U1', route: { channel: 'C1', thread_ts: '1.0' } },
  ),
  ofChannel(
    'member_joined_channel',
    { ...both, channel_type: 'C', team: 'T1', inviter: 'U2' },
    'U1',
    'membership',
  ),
  ofChannel('member_left_channel', { ...both, channel_type: 'C', team: 'T1' }, 'U1', 'membership'),
  event(
    'message_metadata_deleted',
    { ...withMetadata, previous_metadata: metadata, deleted_ts: '1.1' },
    byBot,
  ),
  event('message_metadata_posted', { ...withMetadata, metadata }, byBot),
  event('message_metadata_updated', { ...withMetadata, metadata, previous_metadata: metadata }, byBot),
  ofChannel('pin_added', { user: 'U1', channel_id: 'C1', item: { type: 'message', channel: 'C1' } }, 'U1'),
  ofChannel(
    'pin_removed',
    { user: 'U1', channel_id: 'C1', item: { type: 'message', channel: 'C1' }, has_pins: false },
    'U1',
  ),
  ofChannel('reaction_added', { user: 'U1', reaction: 'thumbsup', item_user: 'U2', item }, 'U1', 'reaction'),
  ofChannel(
    'reaction_removed',
    { user: 'U1', reaction: 'thumbsup', item_user: 'U2', item },
    'U1',
    'reaction',
  ),
  ofChannel(
    'shared_channel_invite_accepted',
    { invite, channel: shared, accepting_user: { id: 'U1' } },
    'U1',
  ),
  ofChannel(
    'shared_channel_invite_approved',
    { invite, channel: shared, approving_user: { id: 'U1' } },
    'U1',
  ),
  ofChannel(
    'shared_channel_invite_declined',
    { invite, channel: shared, declining_user: { id: 'U1' } },
    'U1',
  ),
  ofChannel('shared_channel_invite_received', { invite, channel: shared }, 'U9'),
  ofChannel(
    'shared_channel_invite_requested',
    { actor: { id: 'U1', is_bot: false }, channel_id: 'C1', target_users: [] },
    'U1',
  ),
  ofChannel('star_added', { user: 'U1', item }, 'U1'),
  ofChannel('star_removed', { user: 'U1', item }, 'U1'),
  ofUser('subteam_created', { subteam }),
  ofTeam('subteam_members_changed', {
    subteam_id: 'S1',
    team_id: 'T1',
    added_users: ['U1'],
    date_update: 1446746793,
  }),
  ofTeam('subteam_self_added', { subteam_id: 'S1' }),
  ofTeam('subteam_self_removed', { subteam_id: 'S1' }),
  ofUser('subteam_updated', { subteam: { ...subteam, updated_by: 'U2' } }, 'U2'),
  ofTeam('team_access_granted', { team_ids: ['T1'] }, 'membership'),
  ofTeam('team_access_revoked', { team_ids: ['T1'] }, 'membership'),
  ofTeam('team_domain_change', { url: 'https://my.slack.com', domain: 'my' }),
  ofUser('team_join', { user: profile }, 'U1', 'membership'),
  ofTeam('team_rename', { name: 'New Team Name Inc.' }),
  ofTeam('tokens_revoked', { tokens: { oauth: ['U1'], bot: ['UBOT'] } }, 'membership'),
  ofUser('user_change', { user: profile }),
  ofUser('user_connection', { subtype: 'connect', user: 'U1', trigger_id: '1.2.a' }),
  ofUser('user_connection_status_requested', { user: 'U1' }),
  ofUser('user_huddle_changed', { user: profile }),
  ofUser('user_profile_changed', { user: profile }),
  ofUser('user_status_changed', { user: profile }),
  ofTeam('workflow_deleted', workflow),
  ofTeam('workflow_published', workflow),
  ofTeam('workflow_step_deleted', workflow),
  ofTeam('workflow_step_execute', {
    callback_id: 'c',
    workflow_step: { workflow_step_execute_id: '1', workflow_id: 'Wf1' },
  }),
  ofTeam('workflow_unpublished', workflow),
]
