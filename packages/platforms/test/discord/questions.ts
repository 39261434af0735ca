import type { Call, PlatformQuestions } from '../conformance/platform-questions.ts'

const ann = { id: '5', username: 'ann' }
const bot = { id: '77', username: 'helper', bot: true }

/** A message of a lobby that is linked to a channel, as a webhook event brings it. */
function lobbyMessage(author: object, more: object = {}, type = 'LOBBY_MESSAGE_CREATE'): Call {
  const data = {
    id: '20',
    type: 0,
    content: '/start',
    lobby_id: '40',
    channel_id: '8',
    author,
    flags: 0,
    ...more,
  }
  return {
    body: {
      version: 1,
      application_id: '12',
      type: 1,
      event: { type, timestamp: '2025-08-05T20:39:19.587872', data },
    },
  }
}

function modal(value: string): Call {
  const components = [{ type: 18, component: { type: 4, custom_id: 'text', value } }]
  return {
    body: {
      id: '1',
      application_id: '12',
      type: 5,
      token: 't',
      user: ann,
      data: { custom_id: 'f', components },
    },
  }
}

function componentIn(channel: string, message: string): Call {
  return {
    body: {
      id: '846462639134605312',
      application_id: '12',
      type: 3,
      token: 'secret',
      channel_id: channel,
      member: { user: ann },
      message: { id: message },
      data: { custom_id: 'pick', component_type: 2 },
    },
  }
}

const inLobby = { conversation: 'lobby:40', route: { channel: '8' } }

/** Discord's answers. */
export const questions: PlatformQuestions = {
  identity: { user: '77', app: '12', name: 'helper' },
  ownMessages: [
    lobbyMessage(bot),
    lobbyMessage({ id: '12', username: 'helper' }),
    // Written by an interaction's webhook, which has the application's id.
    lobbyMessage(bot, { webhook_id: '12' }),
    lobbyMessage(bot, {}, 'LOBBY_MESSAGE_UPDATE'),
    lobbyMessage(bot, { lobby_id: undefined }, 'GAME_DIRECT_MESSAGE_CREATE'),
  ],
  foreignCommands:
    'Discord sends an application its own commands alone: https://docs.discord.com/developers/interactions/application-commands',
  placeholderUsers: [
    // A webhook's name and picture.
    { ...lobbyMessage({ id: '60', username: 'News' }, { webhook_id: '60' }), user: undefined },
  ],
  deliveredTwice: [
    // Sent again, as happens for ten minutes.
    [lobbyMessage(ann), lobbyMessage(ann)],
  ],
  places: [
    { ...lobbyMessage(ann), ...inLobby, reply: { method: 'POST', path: '/api/v10/channels/8/messages' } },
    {
      ...lobbyMessage(ann, {}, 'LOBBY_MESSAGE_UPDATE'),
      ...inLobby,
      reply: { method: 'POST', path: '/api/v10/channels/8/messages' },
    },
    {
      body: {
        version: 1,
        application_id: '12',
        type: 1,
        event: {
          type: 'LOBBY_MESSAGE_DELETE',
          timestamp: '2025-08-05T20:39:19',
          data: { id: '20', lobby_id: '40' },
        },
      },
      conversation: 'lobby:40',
      route: {},
      reply:
        'The event of a deleted message names no channel: https://discord.com/developers/docs/events/webhook-events#lobby-message-delete',
    },
    // A thread is a channel of its own.
    {
      ...componentIn('81', '99'),
      conversation: '81',
      route: { interaction: '846462639134605312', application: '12', token: 'secret', message: '99' },
      reply: { method: 'POST', path: '/api/v10/webhooks/12/secret' },
    },
  ],
  unknownEvents: [
    { ...lobbyMessage(ann, {}, 'LOBBY_MEMBER_ADD'), conversation: 'lobby:40' },
    {
      body: { version: 1, application_id: '12', type: 1, event: { type: 'BRAND_NEW' } },
      conversation: 'bot',
    },
    {
      body: { id: '1', application_id: '12', type: 6, token: 't', channel_id: '8', user: ann },
      conversation: '8',
    },
  ],
  typedTexts: [
    { ...lobbyMessage(ann, { content: '**Hi** &amp; @helper' }), text: '**Hi** &amp; @helper' },
    { ...modal('a\nb  <c>'), text: 'a\nb  <c>' },
  ],
  otherBots: [
    lobbyMessage({ id: '61', username: 'Other', bot: true }),
    lobbyMessage({ id: '60', username: 'News' }, { webhook_id: '60' }),
  ],
  replyText: {
    ...lobbyMessage(ann),
    reply: {
      body: {
        content:
          'a & b < c > d &amp; <b>e</b> \\*f\\* \\*\\*g\\*\\* \\_h\\_ \\_\\_i\\_\\_ ~j~ \\~\\~k\\~\\~ \\`l\\` \\|\\|m\\|\\| ' +
          '\\[n](https://o.example) \\<@1> @everyone @here <!channel> #1 \\:tada: "p" \'q\' \\\\r\n' +
          'second  line\n\n\\- third\n\\> fourth\n\\# fifth\n1\\. sixth 😀',
        allowed_mentions: { parse: [] },
      },
    },
  },
  nativeText: { of: text => ({ content: text }) },
}
