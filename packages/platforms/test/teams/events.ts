import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'
import { about, protocol, sdk } from './teams-call.ts'

const subscribe =
  'https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events'
const meetings =
  'https://learn.microsoft.com/microsoftteams/platform/apps-in-teams-meetings/meeting-apps-apis'
const serviceUrl = about.serviceUrl
const here = '19:c@thread.tacv2'

function activity(
  event: string,
  members: object,
  place: Partial<ExpectedPlace> = {},
  docs = protocol,
): DocumentedEvent {
  const { kind = 'other', route, ...rest } = place
  return {
    event,
    docs,
    body: { ...about, ...members },
    expected: [{ kind, conversation: here, user: '29:1user', route: { serviceUrl, ...route }, ...rest }],
  }
}

/** An event of the conversation that its team's general channel, `here`, tells of. */
function conversationUpdate(eventType: string, conversation = here): DocumentedEvent {
  const channelData = {
    eventType,
    channel: { id: '19:ch', name: 'New' },
    team: { id: '19:team' },
    tenant: { id: 't1' },
  }
  return activity(
    `conversationUpdate/${eventType}`,
    { type: 'conversationUpdate', channelData },
    { kind: 'membership', conversation },
    subscribe,
  )
}

function invoke(name: string, kind: string, value: object = { data: 1 }): DocumentedEvent {
  return activity(
    `invoke/${name}`,
    { type: 'invoke', name, value },
    { kind, route: { invoke: name }, text: JSON.stringify(value) },
    sdk,
  )
}

const meeting = (name: string, value: object) =>
  activity(
    `event/application/vnd.microsoft.${name}`,
    { type: 'event', name: `application/vnd.microsoft.${name}`, value },
    {},
    meetings,
  )

const begun = { Id: 'MCM', MeetingType: 'Scheduled', Title: 'Standup' }
const members = { members: [{ user: { id: '29:1user' }, meeting: { inMeeting: true, role: 'Organizer' } }] }

/** Activities of the Bot Framework, and the events that Teams has of its own. */
export const events: readonly DocumentedEvent[] = [
  activity('message', { type: 'message', text: 'hello' }, { kind: 'message', text: 'hello' }),
  // A card's Action.Submit.
  activity(
    'message',
    { type: 'message', replyToId: '16', value: { choice: 1 } },
    { kind: 'button', route: { message: '16' }, text: '{"choice":1}' },
  ),
  activity('messageUpdate', { type: 'messageUpdate', text: 'new' }, { kind: 'edit', text: 'new' }),
  activity(
    'messageUpdate/editMessage',
    { type: 'messageUpdate', text: 'new', channelData: { eventType: 'editMessage' } },
    { kind: 'edit', text: 'new' },
  ),
  activity(
    'messageUpdate/undeleteMessage',
    { type: 'messageUpdate', text: 'old', channelData: { eventType: 'undeleteMessage' } },
    { kind: 'edit', text: 'old' },
  ),
  activity('messageDelete', { type: 'messageDelete' }),
  activity('messageDelete/softDeleteMessage', {
    type: 'messageDelete',
    channelData: { eventType: 'softDeleteMessage' },
  }),
  activity(
    'messageReaction',
    { type: 'messageReaction', replyToId: '16', reactionsAdded: [{ type: 'like' }] },
    { kind: 'reaction', route: { message: '16' } },
  ),
  activity(
    'conversationUpdate',
    { type: 'conversationUpdate', membersAdded: [{ id: '28:bot' }] },
    { kind: 'membership' },
  ),
  conversationUpdate('channelCreated', '19:ch'),
  conversationUpdate('channelDeleted', '19:ch'),
  conversationUpdate('channelMemberAdded', '19:ch'),
  conversationUpdate('channelMemberRemoved', '19:ch'),
  conversationUpdate('channelRenamed', '19:ch'),
  conversationUpdate('channelRestored', '19:ch'),
  conversationUpdate('channelShared', '19:ch'),
  conversationUpdate('channelUnshared', '19:ch'),
  conversationUpdate('teamArchived', '19:team'),
  conversationUpdate('teamDeleted', '19:team'),
  conversationUpdate('teamHardDeleted', '19:team'),
  conversationUpdate('teamMemberAdded'),
  conversationUpdate('teamMemberRemoved'),
  conversationUpdate('teamRenamed', '19:team'),
  conversationUpdate('teamRestored', '19:team'),
  conversationUpdate('teamUnarchived', '19:team'),
  activity('contactRelationUpdate', { type: 'contactRelationUpdate', action: 'add' }, { kind: 'membership' }),
  activity('installationUpdate', { type: 'installationUpdate' }, { kind: 'membership' }),
  ...['add', 'add-upgrade', 'remove', 'remove-upgrade'].map(action =>
    activity(
      `installationUpdate/${action}`,
      { type: 'installationUpdate', action },
      { kind: 'membership' },
      subscribe,
    ),
  ),
  ...['command', 'commandResult', 'deleteUserData', 'endOfConversation', 'handoff', 'invokeResponse'].map(
    type => activity(type, { type }),
  ),
  ...['suggestion', 'trace', 'typing'].map(type => activity(type, { type })),
  meeting('meetingStart', begun),
  meeting('meetingEnd', begun),
  meeting('meetingParticipantJoin', members),
  meeting('meetingParticipantLeave', members),
  activity(
    'event/application/vnd.microsoft.readReceipt',
    { type: 'event', name: 'application/vnd.microsoft.readReceipt', value: { lastReadMessageId: '16' } },
    {},
    'https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-and-group-conversations',
  ),
  invoke('actionableMessage/executeAction', 'button'),
  invoke('adaptiveCard/action', 'button', { action: { type: 'Action.Execute', verb: 'go' } }),
  invoke('application/search', 'autocomplete', { queryText: 'a' }),
  invoke('composeExtension/anonymousQueryLink', 'other', { url: 'https://a.example' }),
  invoke('composeExtension/fetchTask', 'button'),
  invoke('composeExtension/onCardButtonClicked', 'button'),
  invoke('composeExtension/query', 'autocomplete', { commandId: 'search', parameters: [] }),
  invoke('composeExtension/queryLink', 'other', { url: 'https://a.example' }),
  invoke('composeExtension/querySettingUrl', 'other'),
  invoke('composeExtension/selectItem', 'button'),
  invoke('composeExtension/setting', 'other'),
  invoke('composeExtension/submitAction', 'modal'),
  invoke('config/fetch', 'button'),
  invoke('config/submit', 'modal'),
  invoke('fileConsent/invoke', 'button', { action: 'accept' }),
  invoke('handoff/action', 'other', { continuation: 'x' }),
  invoke('message/fetchTask', 'button'),
  invoke('message/submitAction', 'button', { actionName: 'feedback', actionValue: { reaction: 'like' } }),
  invoke('signin/failure', 'other', { code: 'x' }),
  invoke('signin/tokenExchange', 'other', { id: 'x' }),
  invoke('signin/verifyState', 'other', { state: '123456' }),
  invoke('suggestedActions/submit', 'button'),
  invoke('tab/fetch', 'other'),
  invoke('tab/submit', 'modal'),
  invoke('task/fetch', 'button'),
  invoke('task/submit', 'modal'),
]
