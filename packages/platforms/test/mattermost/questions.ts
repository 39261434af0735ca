import type { Call, PlatformQuestions } from '../conformance/platform-questions.ts'

const docs = 'https://developers.mattermost.com/integrate/webhooks/outgoing/'
const post = {
  token: 'zmigewsanbbsdf59xnmduzypjc',
  team_id: 't1',
  channel_id: 'c1',
  user_id: 'u1',
  post_id: 'p1',
  text: 'hi',
}
const contentType = 'application/x-www-form-urlencoded'
const call = (members: object): Call => ({ body: { ...post, ...members } })

const postedIn = (channel: string) => ({
  reply: { method: 'POST', path: '/api/v4/posts', body: { channel_id: channel, message: 'hi' } },
})

/** What every platform is asked; the bot's account is known by users/me. */
export const questions: PlatformQuestions = {
  identity: { user: 'ubot', name: 'shopbot' },
  ownMessages: [
    call({ user_id: 'ubot', user_name: 'shopbot' }),
    call({ user_id: 'ubot', text: '/help' }),
    { body: { ...post, user_id: 'ubot' }, contentType },
  ],
  foreignCommands: `A slash command is sent to the address that it was made with: ${docs}`,
  placeholderUsers: `Every post has the account that wrote it, a webhook's that of its creator: ${docs}`,
  deliveredTwice: [
    [call({}), call({ trigger_word: 'hi' })],
    [call({}), { body: post, contentType }],
  ],
  places: [
    { ...call({}), conversation: 't1/c1', route: { channel: 'c1', post: 'p1' }, ...postedIn('c1') },
    {
      ...call({ channel_id: 'c2' }),
      conversation: 't1/c2',
      route: { channel: 'c2', post: 'p1' },
      ...postedIn('c2'),
    },
    {
      ...call({ team_id: 't2' }),
      conversation: 't2/c1',
      route: { channel: 'c1', post: 'p1' },
      ...postedIn('c1'),
    },
  ],
  unknownEvents: [{ ...call({ post_id: undefined, text: undefined, context: {} }), conversation: 't1/c1' }],
  typedTexts: [
    { ...call({ text: 'build & <test> **now**', trigger_word: 'build' }), text: 'build & <test> **now**' },
    { ...call({ text: '@shopbot hi' }), text: '@shopbot hi' },
  ],
  otherBots: `A call does not tell whether an account is a bot's: ${docs}`,
  replyText: {
    ...call({}),
    reply: {
      path: '/api/v4/posts',
      body: {
        channel_id: 'c1',
        message:
          'a & b < c > d &amp;amp; &lt;b>e&lt;/b> \\*f\\* \\*\\*g\\*\\* \\_h\\_ \\_\\_i\\_\\_ \\~j\\~ \\~\\~k\\~\\~ \\`l\\` ' +
          '\\|\\|m\\|\\| \\[n\\](https://o.example) &lt;@1> @everyone @\u200bhere &lt;!channel> #1 :\u200btada: "p" \'q\' ' +
          '\\r\nsecond  line\n\n\\- third\n\\> fourth\n\\# fifth\n1\\. sixth 😀',
      },
    },
  },
  nativeText: { of: text => ({ message: text }) },
}
