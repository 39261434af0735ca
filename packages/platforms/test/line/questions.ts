import { awkwardText } from '../conformance/awkward-text.ts'
import type { PlatformQuestions } from '../conformance/platform-questions.ts'

const user = 'U4af4980629'
const bot = 'Ub0t'
const textOf = (text: string, more: object = {}) => ({ id: '1', type: 'text', text, ...more })
const self = { index: 0, length: 4, type: 'user', userId: bot, isSelf: true }
const other = { index: 0, length: 4, type: 'user', userId: 'U0ther', isSelf: false }

function call(message: object, more: object = {}) {
  const event = {
    type: 'message',
    mode: 'active',
    timestamp: 1_625_665_242_211,
    source: { type: 'user', userId: user },
    webhookEventId: '01FZ74A0TDDPYRVKNK77XKC3ZR',
    deliveryContext: { isRedelivery: false },
    message,
    ...more,
  }
  return { body: { destination: bot, events: [event] } }
}

/** LINE's answers to the questions of every platform. */
export const questions: PlatformQuestions = {
  identity: { user: bot, name: 'Bot', bot: '@216ru0000' },
  ownMessages: [
    call(textOf('/start'), { mode: 'standby' }),
    call(textOf('hi'), { source: { type: 'group', groupId: 'C1', userId: bot } }),
  ],
  foreignCommands: [call(textOf('@Bot /start', { mention: { mentionees: [other] } }))],
  placeholderUsers: [
    { ...call(textOf('hi'), { source: { type: 'group', groupId: 'C1' } }), user: undefined },
  ],
  deliveredTwice: [[call(textOf('hi')), call(textOf('hi'), { deliveryContext: { isRedelivery: true } })]],
  places: [
    {
      ...call(textOf('hi'), { source: { type: 'group', groupId: 'C1', userId: user } }),
      conversation: 'C1',
      route: { message: '1' },
      reply: { path: '/v2/bot/message/push', body: { to: 'C1' } },
    },
    {
      ...call(textOf('hi'), { source: { type: 'room', roomId: 'R1', userId: user } }),
      conversation: 'R1',
      route: { message: '1' },
      reply: { path: '/v2/bot/message/push', body: { to: 'R1' } },
    },
  ],
  unknownEvents: [
    { ...call({}, { type: 'greatNewFeature' }), conversation: user },
    { ...call({ id: '1', type: 'hologram', text: '/start' }), conversation: user },
  ],
  typedTexts: [
    { ...call(textOf('*a* &amp; <b> $')), text: '*a* &amp; <b> $' },
    { ...call(textOf('@Bot hello', { mention: { mentionees: [self] } })), text: 'hello' },
    { ...call(textOf('ask @Bot', { mention: { mentionees: [{ ...self, index: 4 }] } })), text: 'ask @Bot' },
    { ...call(textOf('@Eve hello', { mention: { mentionees: [other] } })), text: '@Eve hello' },
  ],
  otherBots:
    'A group has one LINE Official Account at most, and webhooks are of users alone (https://developers.line.biz/en/docs/messaging-api/group-chats/).',
  replyText: { ...call(textOf('hi')), reply: { body: { messages: [{ type: 'text', text: awkwardText }] } } },
  nativeText: { of: text => ({ type: 'text', text }) },
}
