import { textAt } from '../json/value-at.ts'

/**
 * The name of an activity's type as Microsoft has it; where a type has many events (invokes, conversation
 * updates, …), with the event's own name behind a slash.
 */
export function eventNameOf(activity: unknown): string {
  const type = textAt(activity, 'type') ?? ''
  const part = partOf(activity, type)
  return part === undefined ? type : `${type}/${part}`
}

function partOf(activity: unknown, type: string): string | undefined {
  switch (type) {
    case 'invoke':
    case 'event':
      return textAt(activity, 'name')
    case 'installationUpdate':
      return textAt(activity, 'action')
    case 'conversationUpdate':
    case 'messageUpdate':
    case 'messageDelete':
      return textAt(activity, 'channelData', 'eventType')
    default:
      return undefined
  }
}

const names = (of: string, parts: string) => parts.split(' ').map(part => `${of}/${part}`)

/**
 * Activities of the Bot Framework (https://github.com/microsoft/Agents, the Activity protocol) and the events
 * that Teams has of its own
 * (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events
 * and the types of Microsoft's Teams SDK).
 */
export const teamsEvents: ReadonlySet<string> = new Set([
  ...'command commandResult contactRelationUpdate conversationUpdate deleteUserData endOfConversation handoff'.split(
    ' ',
  ),
  ...'installationUpdate invokeResponse message messageDelete messageReaction messageUpdate suggestion trace typing'.split(
    ' ',
  ),
  ...names(
    'conversationUpdate',
    'channelCreated channelDeleted channelMemberAdded channelMemberRemoved channelRenamed',
  ),
  ...names(
    'conversationUpdate',
    'channelRestored channelShared channelUnshared teamArchived teamDeleted teamHardDeleted',
  ),
  ...names('conversationUpdate', 'teamMemberAdded teamMemberRemoved teamRenamed teamRestored teamUnarchived'),
  ...names('installationUpdate', 'add add-upgrade remove remove-upgrade'),
  ...names('messageUpdate', 'editMessage undeleteMessage'),
  ...names('messageDelete', 'softDeleteMessage'),
  ...names(
    'event/application',
    'vnd.microsoft.meetingStart vnd.microsoft.meetingEnd vnd.microsoft.readReceipt',
  ),
  ...names('event/application', 'vnd.microsoft.meetingParticipantJoin vnd.microsoft.meetingParticipantLeave'),
  ...names(
    'invoke',
    'actionableMessage/executeAction adaptiveCard/action application/search fileConsent/invoke',
  ),
  ...names(
    'invoke',
    'composeExtension/anonymousQueryLink composeExtension/fetchTask composeExtension/onCardButtonClicked',
  ),
  ...names('invoke', 'composeExtension/query composeExtension/queryLink composeExtension/querySettingUrl'),
  ...names('invoke', 'composeExtension/selectItem composeExtension/setting composeExtension/submitAction'),
  ...names('invoke', 'config/fetch config/submit handoff/action message/fetchTask message/submitAction'),
  ...names('invoke', 'signin/failure signin/tokenExchange signin/verifyState suggestedActions/submit'),
  ...names('invoke', 'tab/fetch tab/submit task/fetch task/submit'),
])
