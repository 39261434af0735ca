import { awkwardText } from '../conformance/awkward-text.ts'
import type { PlatformQuestions } from '../conformance/platform-questions.ts'

const page = 'https://developers.viber.com/docs/api/rest-bot-api/'
const id = '01234567890A='

const call = (content: object) => ({
  body: {
    event: 'message',
    timestamp: 1_457_764_197_627,
    message_token: 4_912_661_846,
    sender: { id },
    ...content,
  },
})
const textOf = (text: string) => call({ message: { type: 'text', text } })

/** Viber's answers to the questions of every platform. */
export const questions: PlatformQuestions = {
  ownMessages: [
    { body: { event: 'delivered', timestamp: 1, message_token: 1, user_id: id } },
    { body: { event: 'seen', timestamp: 1, message_token: 1, user_id: id } },
  ],
  foreignCommands: `A chat is with one bot, and commands name none (${page}).`,
  placeholderUsers: `Every callback of a message names its subscriber (${page}#receive-message-from-user).`,
  deliveredTwice: [[textOf('hi'), { body: { ...textOf('hi').body, timestamp: 1_457_764_199_000 } }]],
  places: `A bot has one chat with each subscriber, and no groups (${page}).`,
  unknownEvents: [
    { body: { event: 'a_new_event', timestamp: 1, message_token: 1, user_id: id }, conversation: id },
    { ...call({ message: { type: 'a_new_type', text: '/start' } }), conversation: id },
  ],
  typedTexts: [{ ...textOf('*a* &amp; <b>'), text: '*a* &amp; <b>' }],
  otherBots: `Messages come from subscribers alone (${page}#receive-message-from-user).`,
  replyText: { ...textOf('hi'), reply: { body: { type: 'text', text: awkwardText } } },
  nativeText: { of: text => ({ type: 'text', text }) },
}
