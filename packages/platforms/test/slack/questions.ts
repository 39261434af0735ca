import { awkwardText } from '../conformance/awkward-text.ts'
import type { Call, PlatformQuestions } from '../conformance/platform-questions.ts'
import { callback, said } from './slack-call.ts'

const call = (event: object, around?: object): Call => ({ body: callback(event, around) })
const bot = { ...said, user: undefined, bot_id: 'BBOT' }
const thread = { user_id: 'U1', context: {}, channel_id: 'D1', thread_ts: '1.0' }
const unknownTenant = { authorizations: [{ team_id: 'T2', user_id: 'UBOT2', is_bot: true }], team_id: 'T2' }

const postedIn = (place: object) => ({
  reply: { path: '/api/chat.postMessage', body: { ...place, text: 'hi' } },
})

/** What every platform is asked; the bot is known by auth.test. */
export const questions: PlatformQuestions = {
  identity: { user: 'UBOT', name: 'shopbot', bot: 'BBOT', app: 'A1' },
  ownMessages: [
    call({ ...said, user: 'UBOT', bot_id: 'BBOT', app_id: 'A1', bot_profile: { id: 'BBOT', app_id: 'A1' } }),
    call({ ...said, user: 'UBOT' }),
    call({ ...said, user: 'UBOT' }, { authorizations: undefined }),
    call({ ...bot, subtype: 'bot_message', text: 'by a response url' }),
    call(
      { ...bot, subtype: 'bot_message', bot_id: 'BBOT2', text: 'by a response url elsewhere' },
      unknownTenant,
    ),
    call({ ...bot, user: 'UBOT', subtype: 'file_share', files: [{ id: 'F1' }] }),
    call({ ...bot, type: 'app_mention', text: '<@UBOT> myself', app_id: 'A1' }),
    call({
      ...said,
      subtype: 'message_changed',
      user: undefined,
      message: { ...bot, user: 'UBOT', text: 'edited' },
    }),
  ],
  foreignCommands:
    'Slack sends a slash command to the app that has it alone: https://docs.slack.dev/interactivity/implementing-slash-commands',
  placeholderUsers: [
    { ...call({ ...said, user: 'USLACKBOT', text: 'a reminder' }), user: undefined },
    { ...call({ ...said, user: 'USLACK', text: '<@U1> archived the channel' }), user: undefined },
    { ...call({ ...said, subtype: 'ekm_access_denied', user: 'UREVOKEDU' }), user: undefined },
    { ...call({ ...said, subtype: 'bot_message', user: undefined, bot_id: 'B2' }), user: undefined },
  ],
  deliveredTwice: [
    [call(said), call({ ...said, type: 'app_mention' }, { event_id: 'Ev2' })],
    [call({ ...said, type: 'app_mention' }, { event_id: 'Ev2' }), call(said)],
    [
      call({ ...said, subtype: 'file_share', files: [{ id: 'F1' }] }),
      call({ ...said, type: 'app_mention', files: [{ id: 'F1' }] }, { event_id: 'Ev2' }),
    ],
    [
      call({ ...said, subtype: 'thread_broadcast', thread_ts: '1.0' }),
      call({ ...said, type: 'app_mention', thread_ts: '1.0' }, { event_id: 'Ev2' }),
    ],
  ],
  places: [
    { ...call(said), conversation: 'T1:C1', route: { channel: 'C1' }, ...postedIn({ channel: 'C1' }) },
    {
      ...call({ ...said, thread_ts: '1.0' }),
      conversation: 'T1:C1',
      route: { channel: 'C1', thread_ts: '1.0' },
      ...postedIn({ channel: 'C1', thread_ts: '1.0' }),
    },
    {
      ...call({ type: 'assistant_thread_started', assistant_thread: thread, event_ts: '1.1' }),
      conversation: 'T1:D1',
      route: { channel: 'D1', thread_ts: '1.0' },
      ...postedIn({ channel: 'D1', thread_ts: '1.0' }),
    },
    {
      ...call(
        { ...said, channel: 'C2' },
        { team_id: 'T9', authorizations: [{ team_id: 'T1', user_id: 'UBOT', is_bot: true }] },
      ),
      conversation: 'T1:C2',
      route: { channel: 'C2' },
      ...postedIn({ channel: 'C2' }),
    },
  ],
  unknownEvents: [
    { ...call({ type: 'of_the_future', channel: 'C1', user: 'U1' }), conversation: 'T1:C1' },
    { ...call({ ...said, subtype: 'of_the_future' }), conversation: 'T1:C1' },
    { ...call({ type: 'of_the_future' }), conversation: 'T1' },
  ],
  typedTexts: [
    { ...call({ ...said, text: 'MSc &amp; MBA, a &lt; b' }), text: 'MSc & MBA, a < b' },
    {
      ...call({ ...said, text: '<@UBOT> see <https://a.example|a.example>' }),
      text: '<@UBOT> see a.example',
    },
    { ...call({ ...said, text: '<!channel> all' }), text: '@channel all' },
    {
      ...call({
        ...said,
        text: '',
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'of &amp; blocks' } }],
      }),
      text: 'of & blocks',
    },
    { ...call({ ...said, text: '<@UBOT>' }), text: '<@UBOT>' },
  ],
  otherBots: [
    call({ ...said, user: 'U7', bot_id: 'B7', app_id: 'A7', bot_profile: { id: 'B7', app_id: 'A7' } }),
    call({ ...said, user: undefined, subtype: 'bot_message', bot_id: 'B7', username: 'classic' }),
  ],
  replyText: {
    ...call(said),
    reply: {
      path: '/api/chat.postMessage',
      body: {
        channel: 'C1',
        text: awkwardText.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
        mrkdwn: false,
      },
    },
  },
  // What is longer is cut, not refused.
  nativeText: { of: text => ({ text }), max: 40_000 },
}
