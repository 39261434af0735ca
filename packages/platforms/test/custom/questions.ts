import type { Call, PlatformQuestions } from '../conformance/platform-questions.ts'

const page = 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md'

function call(more: object): Call {
  return { body: { id: '1', conversation: 'room', user: 'ann', text: 'hi', ...more } }
}

/** The custom channel's answers: its sender is the operator's own, and says what is so. */
export const questions: PlatformQuestions = {
  ownMessages: `The sender decides what it posts, and docs/custom-channel.md says not to post the bot’s own replies; it signs by ${page}`,
  foreignCommands: `The sender posts what is for this bot alone; it signs by ${page}`,
  placeholderUsers: `The sender names a user or leaves it out; it signs by ${page}`,
  deliveredTwice: [[call({}), call({})]],
  places: [
    {
      ...call({ conversation: 'room/thread 5' }),
      conversation: 'room/thread 5',
      route: {},
      reply: { body: { conversation: 'room/thread 5' } },
    },
  ],
  unknownEvents: `A body names no type of event. Every event that its sender signs is an update: ${page}`,
  typedTexts: [{ ...call({ text: ' a &amp; **b**\r\n' }), text: ' a &amp; **b**\r\n' }],
  otherBots: [call({ fromBot: true })],
  replyText: {
    ...call({}),
    reply: {
      body: {
        text:
          'a & b < c > d &amp; <b>e</b> *f* **g** _h_ __i__ ~j~ ~~k~~ `l` ||m|| [n](https://o.example) <@1> @everyone @here ' +
          '<!channel> #1 :tada: "p" \'q\' \\r\nsecond  line\n\n- third\n> fourth\n# fifth\n1. sixth 😀',
      },
    },
  },
  nativeText: `A native message is the operator’s to define, and so is its length; it is signed by ${page}`,
}
