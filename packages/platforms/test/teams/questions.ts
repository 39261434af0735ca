import { awkwardText } from '../conformance/awkward-text.ts'
import type { Call, PlatformQuestions } from '../conformance/platform-questions.ts'
import { about } from './teams-call.ts'

const call = (activity: object): Call => ({ body: { ...about, type: 'message', text: 'hi', ...activity } })
const mention = (id: string, name: string, text?: string) => ({
  type: 'mention',
  mentioned: { id, name },
  text,
})
const route = { serviceUrl: about.serviceUrl }
const again = { timestamp: '2026-01-05T10:00:09.000Z', localTimestamp: '2026-01-05T11:00:09+01:00' }

const postedIn = (conversation: string) => ({
  reply: {
    method: 'POST',
    host: 'smba.trafficmanager.net',
    path: `/amer/v3/conversations/${encodeURIComponent(conversation)}/activities`,
    body: { type: 'message', text: 'hi' },
  },
})

/** What every platform is asked; a bot is `28:` and its app's id. */
export const questions: PlatformQuestions = {
  identity: { user: '28:bot', app: 'bot' },
  ownMessages: [
    call({ from: { id: '28:bot', name: 'Bot', role: 'bot' } }),
    call({ from: { id: '28:bot' }, text: '/help' }),
    call({ from: { id: '28:bot' }, recipient: undefined }),
    call({ from: { id: '28:bot' }, type: 'messageUpdate', text: 'new' }),
  ],
  foreignCommands:
    'A bot only gets what is said to it, or mentions it: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-and-group-conversations',
  placeholderUsers: [
    {
      ...call({
        type: 'conversationUpdate',
        text: undefined,
        from: { id: '19:c@thread.tacv2' },
        membersAdded: [],
      }),
      user: undefined,
    },
    { ...call({ from: undefined }), user: undefined },
  ],
  deliveredTwice: [[call({}), call(again)]],
  places: [
    { ...call({}), conversation: '19:c@thread.tacv2', route, ...postedIn('19:c@thread.tacv2') },
    {
      ...call({ conversation: { id: '19:c@thread.tacv2;messageid=1' } }),
      conversation: '19:c@thread.tacv2;messageid=1',
      route,
      ...postedIn('19:c@thread.tacv2;messageid=1'),
    },
    {
      ...call({ conversation: { id: 'a:1', conversationType: 'personal' } }),
      conversation: 'a:1',
      route,
      ...postedIn('a:1'),
    },
  ],
  unknownEvents: [
    { ...call({ type: 'ofTheFuture' }), conversation: '19:c@thread.tacv2' },
    { ...call({ type: 'event', name: 'of.the.future' }), conversation: '19:c@thread.tacv2' },
    { ...call({ type: 'invoke', name: 'of/theFuture', value: {} }), conversation: '19:c@thread.tacv2' },
  ],
  typedTexts: [
    { ...call({ text: '<at>Bot</at> /help me', entities: [mention('28:bot', 'Bot')] }), text: '/help me' },
    { ...call({ text: '<at>Bot</at>', entities: [mention('28:bot', 'Bot', '<at>Bot</at>')] }), text: '' },
    {
      ...call({ text: 'ask <at>Ann</at>', entities: [mention('29:ann', 'Ann', '<at>Ann</at>')] }),
      text: 'ask Ann',
    },
    { ...call({ text: 'a &amp; b' }), text: 'a & b' },
    { ...call({ text: 'one\ntwo *' }), text: 'one\ntwo *' },
    {
      ...call({ text: '', attachments: [{ contentType: 'text/html', content: '<p>of <b>HTML</b></p>' }] }),
      text: 'of HTML',
    },
  ],
  otherBots: [call({ from: { id: '28:else', name: 'Else' } }), call({ from: { id: '29:x', role: 'bot' } })],
  replyText: { ...call({}), reply: { body: { type: 'message', text: awkwardText, textFormat: 'plain' } } },
  // 100 KB of UTF-16, less `{"text":""}`.
  nativeText: { of: text => ({ text }), max: 51_200 - 11 },
}
