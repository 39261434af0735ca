import type { Call, Place, PlatformQuestions } from '../conformance/platform-questions.ts'

const space = { name: 'spaces/A', spaceType: 'SPACE' }
const ada = { name: 'users/1', type: 'HUMAN' }
const self = { name: 'users/9', type: 'BOT' }
const other = { name: 'users/8', type: 'BOT' }
const eventTime = '2026-01-05T10:00:00Z'
const hi = { name: 'spaces/A/messages/B', sender: ada, space, text: 'hi', argumentText: 'hi' }

function classic(message: object, more: object = {}): Call {
  return { body: { type: 'MESSAGE', eventTime, space, user: ada, message, ...more } }
}

function addOn(message: object): Call {
  return { body: { chat: { user: ada, eventTime, messagePayload: { space, message } } } }
}

function push(type: string, data: object): Call {
  const attributes = { 'ce-type': `google.workspace.chat.${type}`, 'ce-id': 'e1', 'ce-time': eventTime }
  const message = { data: Buffer.from(JSON.stringify(data)).toString('base64'), messageId: '17', attributes }
  return { body: { message, subscription: 'projects/p/subscriptions/s' } }
}

function slash(app: { name: string }): object {
  const slashCommand = { bot: app, type: 'INVOKE', commandName: '/help', commandId: '1' }
  return {
    ...hi,
    text: '/help',
    argumentText: undefined,
    annotations: [{ type: 'SLASH_COMMAND', slashCommand }],
  }
}

function placed(thread: string): Place {
  const name = `spaces/A/threads/${thread}`
  return {
    ...classic({ ...hi, thread: { name } }),
    conversation: 'spaces/A',
    route: { thread: name },
    reply: { method: 'POST', path: '/v1/spaces/A/messages', body: { thread: { name }, text: 'hi' } },
  }
}

const mention = { type: 'USER_MENTION', length: 4, userMention: { user: self, type: 'MENTION' } }
const person = { type: 'USER_MENTION', length: 4, userMention: { user: ada, type: 'MENTION' } }

/** `awkwardText` in Markdown; by hand, so that it is not the code under test that says what is right. */
const awkwardMarkdown = [
  'a \\& b \\< c > d \\&amp; \\<b>e\\</b> \\*f\\* \\*\\*g\\*\\* \\_h\\_ \\_\\_i\\_\\_ \\~j\\~ \\~\\~k\\~\\~ \\`l\\` ' +
    '\\|\\|m\\|\\| \\[n\\](https://o.example) \\<@1> @everyone @here \\<!channel> #1 \\:tada: "p" \'q\' \\\\r',
  'second  line',
  '',
  '\\- third',
  '\\> fourth',
  '\\# fifth',
  '1\\. sixth 😀',
].join('  \n')

/** Google Chat's answers. */
export const questions: PlatformQuestions = {
  identity: { user: 'users/9' },
  ownMessages: [
    push('message.v1.created', { message: { ...hi, sender: self } }),
    push('message.v1.updated', { message: { ...hi, sender: self } }),
    push('message.v1.batchCreated', { messages: [{ message: { ...hi, sender: self } }] }),
    classic({ ...hi, sender: self }, { user: self }),
  ],
  foreignCommands: [push('message.v1.created', { message: slash(other) }), classic(slash(other))],
  placeholderUsers:
    'A user has a name of its own even if it is anonymous or deleted: https://developers.google.com/workspace/chat/api/reference/rest/v1/User',
  deliveredTwice: [
    [classic(hi), push('message.v1.created', { message: hi })],
    [addOn(hi), push('message.v1.batchCreated', { messages: [{ message: hi }] })],
    [classic(slash(self)), push('message.v1.created', { message: slash(self) })],
  ],
  places: [
    placed('T'),
    placed('U'),
    {
      // A card that one user alone sees.
      body: {
        type: 'CARD_CLICKED',
        eventTime,
        space,
        user: ada,
        message: { name: 'spaces/A/messages/C', sender: self, privateMessageViewer: ada },
      },
      conversation: 'spaces/A',
      route: { message: 'spaces/A/messages/C', viewer: 'users/1' },
      reply: { body: { privateMessageViewer: { name: 'users/1' }, text: 'hi' } },
    },
  ],
  unknownEvents: [
    { body: { type: 'HOLOGRAM', space, user: ada }, conversation: 'spaces/A' },
    { body: { chat: { user: ada, hologramPayload: { space } } }, conversation: 'spaces/A' },
    {
      ...push('hologram.v1.created', { hologram: { name: 'spaces/A/holograms/1' } }),
      conversation: 'spaces/A',
    },
    { body: { type: 'HOLOGRAM', user: ada }, conversation: 'user:users/1' },
  ],
  typedTexts: [
    {
      ...classic({ ...hi, text: '@App *hi* <b>', argumentText: ' *hi* <b>', annotations: [mention] }),
      text: '*hi* <b>',
    },
    { ...classic({ ...hi, text: '@App', argumentText: undefined, annotations: [mention] }), text: '' },
    { ...addOn({ ...hi, text: '@Ada hi', argumentText: '@Ada hi', annotations: [person] }), text: '@Ada hi' },
    { ...classic(slash(self)), text: '/help' },
    { ...classic({ ...slash(self), text: '/help me', argumentText: ' me' }), text: '/help me' },
    { ...addOn({ ...slash(self), text: 'me', argumentText: 'me' }), text: '/help me' },
  ],
  otherBots: [push('message.v1.created', { message: { ...hi, sender: other } })],
  replyText: {
    ...classic(hi),
    reply: {
      body: {
        markupSyntax: 'MARKUP_SYNTAX_MARKDOWN',
        text: awkwardMarkdown,
      },
    },
  },
  nativeText: { of: text => ({ text }), max: 32_000 },
}
