import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'

const chatApi = 'https://developers.google.com/workspace/chat/api/reference/rest/v1/EventType'
const addOns = 'https://developers.google.com/workspace/add-ons/concepts/event-objects#chat-event-object'
const workspace = 'https://developers.google.com/workspace/events/guides/events-chat'
const lifecycle = 'https://developers.google.com/workspace/events/guides/events-lifecycle'

const space = { name: 'spaces/A', spaceType: 'SPACE' }
const ada = { name: 'users/1', type: 'HUMAN' }
const app = { name: 'users/9', type: 'BOT' }
const thread = { name: 'spaces/A/threads/T' }
const eventTime = '2026-01-05T10:00:00Z'
const mention = {
  type: 'USER_MENTION',
  startIndex: 0,
  length: 4,
  userMention: { user: app, type: 'MENTION' },
}
const slash = { type: 'SLASH_COMMAND', slashCommand: { commandName: '/help', commandId: '1' } }

const spoken = { name: 'spaces/A/messages/B', sender: ada, thread, space }
const hi = { ...spoken, text: '@App hi', argumentText: ' hi', annotations: [mention] }
const help = {
  ...spoken,
  text: '/help me',
  argumentText: ' me',
  slashCommand: { commandId: '1' },
  annotations: [slash],
}
const preview = { ...spoken, text: 'https://a.example/1', matchedUrl: { url: 'https://a.example/1' } }
const card = { ...spoken, name: 'spaces/A/messages/C', sender: app }

const here = { conversation: 'spaces/A', user: 'users/1' }
const inThread = { thread: 'spaces/A/threads/T' }
const onCard = { ...inThread, message: 'spaces/A/messages/C' }

function classic(type: string, more: object, place: ExpectedPlace): DocumentedEvent {
  return {
    event: type,
    docs: chatApi,
    body: { type, eventTime, space, user: ada, ...more },
    expected: [place],
  }
}

function addOn(payload: string, more: object, place: ExpectedPlace): DocumentedEvent {
  const chat = { user: ada, eventTime, [payload]: { space, ...more } }
  return {
    event: payload,
    docs: addOns,
    body: { commonEventObject: { hostApp: 'CHAT' }, chat },
    expected: [place],
  }
}

const pubsub = 'projects/p/subscriptions/s'

/** A push of Pub/Sub, with the data of a Workspace event. */
function push(
  type: string,
  data: object,
  docs: string,
  expected: readonly ExpectedPlace[],
  subject = 'spaces/A',
) {
  const attributes = {
    'ce-type': type,
    'ce-id': 'e1',
    'ce-time': eventTime,
    'ce-subject': `//chat.googleapis.com/${subject}`,
  }
  const message = { data: Buffer.from(JSON.stringify(data)).toString('base64'), messageId: '17', attributes }
  const places = expected.map(place => ({ ...place, route: { ...place.route, pubsub } }))
  return { event: type, docs, body: { message, subscription: pubsub }, expected: places }
}

function chat(type: string, data: object, ...expected: ExpectedPlace[]): DocumentedEvent {
  return push(`google.workspace.chat.${type}`, data, workspace, expected)
}

function ofUser(type: string, data: object, expected: ExpectedPlace): DocumentedEvent {
  return push(`google.workspace.chat.${type}`, data, workspace, [expected], 'users/1')
}

function subscription(type: string): DocumentedEvent {
  const data = { subscription: { name: 'subscriptions/s' } }
  const place = { kind: 'other', conversation: 'bot' }
  return push(`google.workspace.events.subscription.v1.${type}`, data, lifecycle, [place], 'subscriptions/s')
}

const membership = { name: 'spaces/A/members/1', state: 'JOINED', member: ada }
const reaction = { name: 'spaces/A/messages/B/reactions/R', user: ada, emoji: { unicode: '👍' } }
const gone = { message: { name: 'spaces/A/messages/B', createTime: eventTime, deletionMetadata: {} } }
const left = { membership: { name: 'spaces/A/members/1', state: 'NOT_A_MEMBER' } }
const joined = { kind: 'membership', ...here }
const reacted = { kind: 'reaction', ...here }
const changed = { kind: 'other', conversation: 'spaces/A' }

/** All interaction events, classic and of add-ons, and all Workspace events about Chat (November 2026). */
export const events: readonly DocumentedEvent[] = [
  classic('MESSAGE', { message: hi }, { kind: 'message', ...here, route: inThread, text: 'hi' }),
  classic('MESSAGE', { message: help }, { kind: 'command', ...here, route: inThread, text: '/help me' }),
  classic(
    'MESSAGE',
    { message: preview },
    { kind: 'other', ...here, route: { ...inThread, preview: 'https://a.example/1' } },
  ),
  classic('ADDED_TO_SPACE', {}, joined),
  classic('REMOVED_FROM_SPACE', {}, joined),
  classic(
    'CARD_CLICKED',
    { message: card, common: { invokedFunction: 'approve' } },
    { kind: 'button', ...here, route: onCard, text: 'approve' },
  ),
  classic(
    'CARD_CLICKED',
    { message: card, isDialogEvent: true, dialogEventType: 'REQUEST_DIALOG' },
    { kind: 'button', ...here, route: { ...onCard, dialog: 'REQUEST_DIALOG' } },
  ),
  classic(
    'CARD_CLICKED',
    { isDialogEvent: true, dialogEventType: 'SUBMIT_DIALOG' },
    { kind: 'modal', ...here, route: { dialog: 'SUBMIT_DIALOG' } },
  ),
  classic(
    'CARD_CLICKED',
    { isDialogEvent: true, dialogEventType: 'CANCEL_DIALOG' },
    { kind: 'modal', ...here, route: { dialog: 'CANCEL_DIALOG' } },
  ),
  classic('WIDGET_UPDATED', {}, { kind: 'autocomplete', ...here }),
  classic(
    'APP_COMMAND',
    { thread, appCommandMetadata: { appCommandId: 7, appCommandType: 'QUICK_COMMAND' } },
    { kind: 'command', ...here, route: inThread, text: '/7' },
  ),
  classic('APP_HOME', {}, { kind: 'other', ...here }),
  classic('SUBMIT_FORM', {}, { kind: 'modal', ...here }),
  addOn('messagePayload', { message: hi }, { kind: 'message', ...here, route: inThread, text: 'hi' }),
  addOn(
    'messagePayload',
    { message: preview },
    { kind: 'other', ...here, route: { ...inThread, preview: 'https://a.example/1' } },
  ),
  addOn('addedToSpacePayload', { interactionAdd: true }, joined),
  addOn('removedFromSpacePayload', {}, joined),
  addOn('buttonClickedPayload', { message: card }, { kind: 'button', ...here, route: onCard }),
  addOn(
    'buttonClickedPayload',
    { isDialogEvent: true, dialogEventType: 'SUBMIT_DIALOG' },
    { kind: 'modal', ...here, route: { dialog: 'SUBMIT_DIALOG' } },
  ),
  addOn(
    'appCommandPayload',
    { message: help, appCommandMetadata: { appCommandId: 1, appCommandType: 'SLASH_COMMAND' } },
    { kind: 'command', ...here, route: inThread, text: '/help me' },
  ),
  addOn(
    'appCommandPayload',
    { thread, appCommandMetadata: { appCommandId: 7, appCommandType: 'QUICK_COMMAND' } },
    { kind: 'command', ...here, route: inThread, text: '/7' },
  ),
  addOn('widgetUpdatedPayload', {}, { kind: 'autocomplete', ...here }),
  chat('message.v1.created', { message: hi }, { kind: 'message', ...here, route: inThread, text: 'hi' }),
  // A subscription without the resource's data.
  chat('message.v1.created', { message: { name: 'spaces/A/messages/B' } }, changed),
  chat('message.v1.updated', { message: hi }, { kind: 'edit', ...here, route: inThread, text: 'hi' }),
  chat('message.v1.deleted', gone, changed),
  chat(
    'message.v1.batchCreated',
    { messages: [{ message: hi }, { message: { ...hi, name: 'spaces/A/messages/D' } }] },
    { kind: 'message', ...here, route: inThread, text: 'hi' },
    { kind: 'message', ...here, route: inThread, text: 'hi' },
  ),
  chat(
    'message.v1.batchUpdated',
    { messages: [{ message: hi }] },
    { kind: 'edit', ...here, route: inThread },
  ),
  chat('message.v1.batchDeleted', { messages: [gone, gone] }, changed, changed),
  chat('reaction.v1.created', { reaction }, reacted),
  chat('reaction.v1.deleted', { reaction }, reacted),
  chat('reaction.v1.batchCreated', { reactions: [{ reaction }, { reaction }] }, reacted, reacted),
  chat('reaction.v1.batchDeleted', { reactions: [{ reaction }] }, reacted),
  chat('membership.v1.created', { membership }, joined),
  chat(
    'membership.v1.created',
    { membership: { name: 'spaces/A/members/9', member: app } },
    {
      kind: 'membership',
      conversation: 'spaces/A',
      user: 'users/9',
      fromBot: true,
    },
  ),
  chat('membership.v1.updated', { membership }, joined),
  chat('membership.v1.deleted', left, { kind: 'membership', conversation: 'spaces/A' }),
  chat('membership.v1.batchCreated', { memberships: [{ membership }, { membership }] }, joined, joined),
  chat('membership.v1.batchUpdated', { memberships: [{ membership }] }, joined),
  chat(
    'membership.v1.batchDeleted',
    { memberships: [left] },
    { kind: 'membership', conversation: 'spaces/A' },
  ),
  chat('space.v1.updated', { space }, changed),
  chat('space.v1.batchUpdated', { spaces: [{ space }] }, changed),
  chat('space.v1.deleted', { space }, changed),
  ofUser(
    'spaceReadState.v1.updated',
    { spaceReadState: { name: 'users/1/spaces/A/spaceReadState' } },
    { kind: 'other', ...here },
  ),
  ofUser(
    'threadReadState.v1.updated',
    { threadReadState: { name: 'users/1/spaces/A/threads/T/threadReadState' } },
    { kind: 'other', ...here },
  ),
  ofUser(
    'availability.v1.updated',
    { availability: { name: 'users/1/availability' } },
    { kind: 'other', conversation: 'user:users/1', user: 'users/1' },
  ),
  subscription('suspended'),
  subscription('expirationReminder'),
  subscription('expired'),
]
