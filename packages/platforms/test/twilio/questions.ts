import { awkwardText } from '../conformance/awkward-text.ts'
import type { PlatformQuestions } from '../conformance/platform-questions.ts'
import { account, formType as contentType, filled, message, ours, place, theirs } from './form-of.ts'

const docs = 'https://www.twilio.com/docs/messaging/guides/webhook-request'
const conversation = `CH${'b'.repeat(32)}`
const call = (body: object) => ({ body: filled(body), contentType })
const textOf = (Body: string) => call({ ...message, Body })

const posted = (Source: string, more: object = {}) =>
  call({
    AccountSid: account,
    EventType: 'onMessageAdded',
    ConversationSid: conversation,
    MessageSid: `IM${'b'.repeat(32)}`,
    Author: theirs,
    Body: 'hi',
    Source,
    RetryCount: '0',
    ...more,
  })

/** Twilio's answers to the questions of every platform. */
export const questions: PlatformQuestions = {
  ownMessages: [
    posted('API'),
    posted('SDK', { Body: '/start' }),
    posted('SMS', { EventType: 'onMessageAdd', MessageSid: undefined }),
    call({ ...message, From: ours, To: theirs, MessageStatus: 'sent', Body: 'hi' }),
  ],
  foreignCommands: `A chat is between two numbers, and commands name neither (${docs}).`,
  placeholderUsers: [{ ...posted('API', { Author: 'system' }), user: undefined }],
  deliveredTwice: [
    [textOf('hi'), call({ ...message, Body: 'hi', ErrorCode: '11200', ErrorUrl: 'https://x.example' })],
    [posted('SMS'), posted('SMS', { RetryCount: '1' })],
  ],
  places: [
    {
      ...textOf('hi'),
      conversation: place.conversation,
      route: place.route,
      reply: { body: { To: theirs, From: ours } },
    },
    {
      ...posted('SMS'),
      conversation,
      route: {},
      reply: { path: `/v1/Conversations/${conversation}/Messages`, body: { Body: 'hi' } },
    },
  ],
  unknownEvents: [
    {
      ...call({ AccountSid: account, From: theirs, To: ours, Something: 'new' }),
      conversation: place.conversation,
    },
    {
      ...call({ AccountSid: account, EventType: 'onSomethingNew', ConversationSid: conversation }),
      conversation,
    },
    { body: [{ id: 'EZ1', type: 'com.twilio.something.new', data: {} }], conversation: 'bot' },
  ],
  typedTexts: [{ ...textOf('*a* &amp; <b>+%'), text: '*a* &amp; <b>+%' }],
  otherBots: `Numbers that machines write from are not told from people's (${docs}).`,
  replyText: { ...textOf('hi'), reply: { body: { Body: awkwardText } } },
  nativeText: { of: text => ({ Body: text }) },
}
