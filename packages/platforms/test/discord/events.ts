import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'

const webhookEvents = 'https://docs.discord.com/developers/events/webhook-events'
const interactions = 'https://docs.discord.com/developers/interactions/receiving-and-responding'

const user = { id: '5', username: 'ann' }

/** A webhook event with its data; every one has the rest. */
function event(type: string, data: object | undefined, expected: ExpectedPlace): DocumentedEvent {
  const timestamp = '2025-08-05T20:39:19.587872'
  return {
    event: type,
    docs: `${webhookEvents}#${type.toLowerCase().replaceAll('_', '-')}`,
    body: { version: 1, application_id: '12', type: 1, event: { type, timestamp, ...(data && { data }) } },
    expected: [expected],
  }
}

/** An interaction's token and ids, which an answer needs. */
const route = { interaction: '846462639134605312', application: '12', token: 'secret' }

function interaction(
  name: string,
  type: number,
  more: object,
  { place = inGuild, ...expected }: Omit<ExpectedPlace, 'conversation'> & { place?: Where },
): DocumentedEvent {
  const { where, conversation } = place
  return {
    event: name,
    docs: `${interactions}#interaction-object-interaction-type`,
    body: {
      id: route.interaction,
      application_id: '12',
      type,
      token: 'secret',
      version: 1,
      entitlements: [],
      authorizing_integration_owners: {},
      attachment_size_limit: 1,
      ...where,
      ...more,
    },
    expected: [{ conversation, user: '5', route, ...expected }],
  }
}

interface Where {
  readonly where: object
  readonly conversation: string
}

// The contexts of
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-context-types.
const inGuild: Where = {
  where: { context: 0, guild_id: '7', channel: { id: '8', type: 0 }, channel_id: '8', member: { user } },
  conversation: '8',
}
const withBot: Where = {
  where: { context: 1, channel: { id: '9', type: 1 }, channel_id: '9', user },
  conversation: '9',
}
const betweenPeople: Where = {
  where: { context: 2, channel: { id: '10', type: 3 }, user },
  conversation: '10',
}
const nowhere: Where = { where: { user }, conversation: 'user:5' }

const inMessage = { message: { id: '99' } }
const onMessage = { ...route, message: '99' }

/** One of each component that can be used in a message. */
const components: readonly (readonly [type: number, data: object, text: string])[] = [
  [2, {}, 'pick'],
  [3, { values: ['a', 'b'] }, 'pick a b'],
  [5, { values: ['5'], resolved: { users: {} } }, 'pick 5'],
  [6, { values: ['6'], resolved: { roles: {} } }, 'pick 6'],
  [7, { values: ['5', '6'], resolved: {} }, 'pick 5 6'],
  [8, { values: ['8'], resolved: { channels: {} } }, 'pick 8'],
]

/** One of each component that can be used in a form, with a text between them: a line each. */
const fields = [
  { type: 10, id: 1 },
  { type: 1, components: [{ type: 4, custom_id: 'old', value: 'Ann' }] },
  { type: 18, component: { type: 4, custom_id: 'text', value: '' } },
  { type: 18, component: { type: 3, custom_id: 'string', values: ['a', 'b'] } },
  { type: 18, component: { type: 5, custom_id: 'user', values: ['5'] } },
  { type: 18, component: { type: 6, custom_id: 'role', values: [] } },
  { type: 18, component: { type: 7, custom_id: 'any', values: ['6'] } },
  { type: 18, component: { type: 8, custom_id: 'channel', values: ['8'] } },
  { type: 18, component: { type: 19, custom_id: 'file', values: ['11'] } },
  { type: 18, component: { type: 21, custom_id: 'radio', value: null } },
  { type: 18, component: { type: 22, custom_id: 'boxes', values: ['x', 'y'] } },
  { type: 18, component: { type: 23, custom_id: 'box', value: true } },
]
const filledIn = ['Ann', '', 'a b', '5', '', '6', '8', '11', '', 'x y', 'true'].join('\n')

const message = { id: '20', type: 0, content: '/start', author: user, flags: 0 }
const entitlement = { id: '30', sku_id: '31', application_id: '12', type: 4, deleted: false }

/** Discord's interactions of each type, context and component, and its webhook events. */
export const events: readonly DocumentedEvent[] = [
  interaction(
    'APPLICATION_COMMAND',
    2,
    {
      data: {
        id: '1',
        name: 'pay',
        type: 1,
        options: [
          {
            name: 'to',
            type: 1,
            options: [
              { name: 'whom', type: 6, value: '6' },
              { name: 'sum', type: 10, value: 1.5 },
            ],
          },
        ],
      },
    },
    { kind: 'command', text: '/pay to 6 1.5' },
  ),
  // A command of a context menu.
  interaction(
    'APPLICATION_COMMAND',
    2,
    { data: { id: '1', name: 'Report It', type: 3, target_id: '99' } },
    {
      kind: 'command',
      text: '/Report_It 99',
    },
  ),
  ...[withBot, betweenPeople, nowhere].map(place =>
    interaction(
      'APPLICATION_COMMAND',
      2,
      { data: { id: '1', name: 'pay', type: 1 } },
      { kind: 'command', place },
    ),
  ),
  ...components.map(([component_type, data, text]) =>
    interaction(
      'MESSAGE_COMPONENT',
      3,
      { ...inMessage, data: { custom_id: 'pick', component_type, ...data } },
      {
        kind: 'button',
        text,
        route: onMessage,
      },
    ),
  ),
  interaction(
    'APPLICATION_COMMAND_AUTOCOMPLETE',
    4,
    {
      data: {
        id: '1',
        name: 'pay',
        type: 1,
        options: [{ name: 'whom', type: 3, value: 'An', focused: true }],
      },
    },
    { kind: 'autocomplete', text: 'An' },
  ),
  interaction(
    'MODAL_SUBMIT',
    5,
    { data: { custom_id: 'form', components: fields } },
    { kind: 'modal', text: filledIn },
  ),
  // A form that a component opened.
  interaction(
    'MODAL_SUBMIT',
    5,
    { ...inMessage, data: { custom_id: 'form', components: [] } },
    {
      kind: 'modal',
      route: { ...route, openedFrom: '99' },
    },
  ),

  event(
    'APPLICATION_AUTHORIZED',
    { integration_type: 0, user, scopes: ['bot'], guild: { id: '7' } },
    {
      kind: 'membership',
      conversation: 'guild:7',
      user: '5',
    },
  ),
  event(
    'APPLICATION_AUTHORIZED',
    { integration_type: 1, user, scopes: [] },
    {
      kind: 'membership',
      conversation: 'user:5',
      user: '5',
    },
  ),
  event('APPLICATION_DEAUTHORIZED', { user }, { kind: 'membership', conversation: 'user:5', user: '5' }),
  ...['ENTITLEMENT_CREATE', 'ENTITLEMENT_UPDATE', 'ENTITLEMENT_DELETE'].flatMap(type => [
    event(type, { ...entitlement, user_id: '5' }, { kind: 'other', conversation: 'user:5', user: '5' }),
    event(type, { ...entitlement, guild_id: '7' }, { kind: 'other', conversation: 'guild:7' }),
  ]),
  event('QUEST_USER_ENROLLMENT', undefined, { kind: 'other', conversation: 'bot' }),
  // What was written in a lobby shares its conversation from the first word to its deletion.
  event(
    'LOBBY_MESSAGE_CREATE',
    { ...message, lobby_id: '40', channel_id: '40', application_id: '12' },
    {
      kind: 'command',
      conversation: 'lobby:40',
      user: '5',
      text: '/start',
    },
  ),
  event(
    'LOBBY_MESSAGE_CREATE',
    { ...message, content: 'hi', lobby_id: '40', channel_id: '8' },
    {
      kind: 'message',
      conversation: 'lobby:40',
      user: '5',
      route: { channel: '8' },
    },
  ),
  event(
    'LOBBY_MESSAGE_UPDATE',
    { ...message, lobby_id: '40', channel_id: '8', edited_timestamp: '2025' },
    {
      kind: 'edit',
      conversation: 'lobby:40',
      user: '5',
      route: { channel: '8' },
    },
  ),
  event('LOBBY_MESSAGE_DELETE', { id: '20', lobby_id: '40' }, { kind: 'other', conversation: 'lobby:40' }),
  event(
    'GAME_DIRECT_MESSAGE_CREATE',
    { ...message, content: 'hi', channel_id: '50', attachments: [] },
    {
      kind: 'message',
      conversation: '50',
      user: '5',
    },
  ),
  // Between two people of the game who have no accounts of their own.
  event(
    'GAME_DIRECT_MESSAGE_CREATE',
    { ...message, content: 'hi', channel_id: '50', recipient_id: '6' },
    {
      kind: 'message',
      conversation: '50',
      user: '5',
    },
  ),
  event(
    'GAME_DIRECT_MESSAGE_UPDATE',
    { id: '20', content: 'hi', channel_id: '50', author: user, recipient_id: '6' },
    {
      kind: 'edit',
      conversation: '50',
      user: '5',
    },
  ),
  event(
    'GAME_DIRECT_MESSAGE_DELETE',
    { ...message, channel_id: '50' },
    {
      kind: 'other',
      conversation: '50',
      user: '5',
    },
  ),
  // A system's message, such as that somebody joined.
  event(
    'LOBBY_MESSAGE_CREATE',
    { ...message, type: 7, content: '', lobby_id: '40', channel_id: '8' },
    {
      kind: 'other',
      conversation: 'lobby:40',
      user: '5',
      route: { channel: '8' },
    },
  ),
]
