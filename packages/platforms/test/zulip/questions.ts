import type { Call, PlatformQuestions } from '../conformance/platform-questions.ts'

function call(message: object, more: object = {}): Call {
  const written = {
    id: 112,
    content: 'hi',
    sender_id: 5,
    sender_email: 'ann@chat.example',
    timestamp: 1527876931,
  }
  return {
    body: {
      bot_email: 'bot@chat.example',
      bot_full_name: 'Helper',
      token: 't',
      trigger: 'mention',
      ...more,
      message: { ...written, stream_id: 7, subject: 'Lunch', type: 'stream', ...message },
    },
  }
}

const source = 'https://github.com/zulip/zulip/blob/main/zerver/actions/message_send.py'

/** Zulip's answers. */
export const questions: PlatformQuestions = {
  identity: { user: '25', name: 'Helper' },
  ownMessages: [
    call({ content: '/start', sender_id: 25, sender_email: 'helper@chat.example' }),
    call({ content: '/start', sender_id: 26, sender_email: 'bot@chat.example' }),
  ],
  foreignCommands: [call({ content: '@**Other bot** /deploy @**Helper**' })],
  placeholderUsers: `Zulip names a sender by the id of an account, a person’s alone: ${source}`,
  deliveredTwice: [
    // By time-outs: the same call again.
    [call({}), call({})],
  ],
  places: [
    {
      ...call({ subject: 'a / b' }),
      conversation: '7/a / b',
      route: {},
      reply: { method: 'POST', path: '/api/v1/messages', body: { type: 'stream', to: '7', topic: 'a / b' } },
    },
    {
      ...call(
        { type: 'private', stream_id: undefined, subject: '', display_recipient: [{ id: 25 }, { id: 5 }] },
        { trigger: 'direct_message' },
      ),
      conversation: 'dm:5,25',
      route: {},
      reply: { method: 'POST', path: '/api/v1/messages', body: { type: 'direct', to: '[5,25]' } },
    },
  ],
  unknownEvents: [{ ...call({}, { trigger: 'topic_moved' }), conversation: '7/Lunch' }],
  typedTexts: [
    {
      ...call({ content: '@**Helper** **Hi** &amp; @_**Ann|5**\n  b' }),
      text: '@**Helper** **Hi** &amp; @_**Ann|5**\n  b',
    },
    { ...call({ content: '@**Helper|25** /start **now**' }), text: '/start **now**' },
  ],
  otherBots: `Zulip calls no outgoing webhook for what a bot wrote ("Avoid infinite loops"): ${source}`,
  replyText: {
    ...call({}),
    reply: {
      body: {
        content:
          'a & b < c > d &#38;amp; <b>e</b> &#42;f&#42; &#42;&#42;g&#42;&#42; _h_ __i__ ~j~ &#126;&#126;k&#126;&#126; ' +
          '&#96;l&#96; &#124;&#124;m&#124;&#124; &#91;n&#93;(https://o.example) <@1> @everyone @here <!channel> #1 ' +
          '&#58;tada: "p" \'q\' \\r\nsecond  line\n\n&#45; third\n&#62; fourth\n&#35; fifth\n1&#46; sixth 😀',
      },
    },
  },
  nativeText: { of: text => ({ content: text }) },
}
