import type { UpdateKind } from '@botyard/queue-contracts'
import type { MessageEvent, SlackEvent } from '@slack/types'

/** Types whose kind is not `other`. */
const known: ReadonlyMap<string, UpdateKind> = new Map<SlackEvent['type'], UpdateKind>([
  ['app_mention', 'message'],
  ['reaction_added', 'reaction'],
  ['reaction_removed', 'reaction'],
  ['member_joined_channel', 'membership'],
  ['member_left_channel', 'membership'],
  ['channel_left', 'membership'],
  ['group_left', 'membership'],
  ['team_join', 'membership'],
  ['app_uninstalled', 'membership'],
  ['tokens_revoked', 'membership'],
  ['team_access_granted', 'membership'],
  ['team_access_revoked', 'membership'],
  ['agent_session_stopped', 'stop'],
])

/** The other types of https://docs.slack.dev/reference/events that the Events API sends. */
const others: readonly string[] = `
  agent_session_title_changed app_context_changed app_deleted app_home_opened app_installed app_rate_limited app_requested
  app_uninstalled_team assistant_thread_context_changed assistant_thread_started call_rejected channel_archive
  channel_created channel_deleted channel_history_changed channel_id_changed channel_rename channel_shared
  channel_unarchive channel_unshared dnd_updated dnd_updated_user email_domain_changed emoji_changed
  entity_comments_requested entity_details_requested file_change file_comment_added file_comment_deleted
  file_comment_edited file_created file_deleted file_public file_shared file_unshared function_executed
  grid_migration_finished grid_migration_started group_archive group_close group_deleted group_history_changed
  group_open group_rename group_unarchive im_close im_created im_history_changed im_open invite_requested link_shared
  message_metadata_deleted message_metadata_posted message_metadata_updated pin_added pin_removed
  shared_channel_invite_accepted shared_channel_invite_approved shared_channel_invite_declined
  shared_channel_invite_received shared_channel_invite_requested star_added star_removed subteam_created
  subteam_members_changed subteam_self_added subteam_self_removed subteam_updated team_domain_change team_rename
  user_change user_connection user_connection_status_requested user_huddle_changed user_profile_changed
  user_status_changed workflow_deleted workflow_published workflow_step_deleted workflow_step_execute
  workflow_unpublished`
  .trim()
  .split(/\s+/)

type Subtype = NonNullable<MessageEvent['subtype']>

/** Subtypes of messages (https://docs.slack.dev/reference/events/message) whose kind is not `other`. */
const knownSubtypes: ReadonlyMap<string, UpdateKind> = new Map<
  Subtype | 'group_join' | 'group_leave',
  UpdateKind
>([
  ['bot_message', 'message'],
  ['file_share', 'message'],
  ['me_message', 'message'],
  ['thread_broadcast', 'message'],
  ['message_changed', 'edit'],
  ['channel_join', 'membership'],
  ['channel_leave', 'membership'],
  ['group_join', 'membership'],
  ['group_leave', 'membership'],
])

const otherSubtypes: readonly string[] = `
  assistant_app_thread channel_archive channel_convert_to_private channel_name channel_posting_permissions
  channel_purpose channel_topic channel_unarchive document_mention ekm_access_denied file_comment file_mention
  group_archive group_name group_purpose group_topic group_unarchive huddle_thread message_deleted message_replied
  pinned_item reminder_add reply_broadcast unpinned_item`
  .trim()
  .split(/\s+/)

/** https://docs.slack.dev/reference/interaction-payloads, their forerunners, and slash commands. */
export const interactionKinds: ReadonlyMap<string, UpdateKind> = new Map([
  ['slash_command', 'command'],
  ['block_actions', 'button'],
  ['interactive_message', 'button'],
  ['shortcut', 'command'],
  ['message_action', 'command'],
  ['view_submission', 'modal'],
  ['view_closed', 'modal'],
  ['dialog_submission', 'modal'],
  ['dialog_cancellation', 'modal'],
  ['block_suggestion', 'autocomplete'],
  ['dialog_suggestion', 'autocomplete'],
])

/** All that the adapter knows by name; a message with a subtype is named as the page of the subtype is. */
export const slackEvents: ReadonlySet<string> = new Set([
  'message',
  ...known.keys(),
  ...others,
  ...[...knownSubtypes.keys(), ...otherSubtypes].map(subtype => `message/${subtype}`),
  ...interactionKinds.keys(),
])

/** The kind of an event that is no message. */
export function kindOfEvent(type: string): UpdateKind {
  return known.get(type) ?? 'other'
}

/** The kind of a message by its subtype. */
export function kindOfSubtype(subtype: string | undefined): UpdateKind {
  return subtype === undefined ? 'message' : (knownSubtypes.get(subtype) ?? 'other')
}
