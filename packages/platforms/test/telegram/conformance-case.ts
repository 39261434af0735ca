import { readFileSync } from 'node:fs'
import { adapters } from '../../src/index.ts'
import type { ConformanceCase, ExpectedUpdate } from '../conformance/conformance-case.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { events } from './events.ts'
import { questions } from './questions.ts'

const header = 'x-telegram-bot-api-secret-token'
const credentials = { token: '123456:AAconformance-case_token', webhookSecret: 'conformance-Secret_1' }

/** A text of 4096 UTF-16 units: its own test looks at it. */
const long = Symbol('long')

/** By fixture: kind, conversation, user, text, sentAtMs. */
type Expectation = [
  kind: string,
  conversation: string,
  user?: string | undefined,
  text?: string | typeof long | undefined,
  sentAtMs?: number,
]
const expected: Record<string, Expectation> = {
  'callback-query-2': ['button', '-225456171', '427770117', '123'],
  'channel-post-channel-text': ['message', '-1001305240521', undefined, 'post~~~', 1515760382000],
  'channel-post-channel-text-2': ['message', '-1001305240521', undefined, 'post~~~', 1515760382000],
  'chosen-inline-result-2': ['other', 'user:427770117', '427770117', '123'],
  'edited-channel-post-channel-text-2': ['edit', '-1001305240521', undefined, 'post~~~edited', 1515760478000],
  'edited-message-group-text-2': ['edit', '-225456171', '427770117', 'hiiiii', 1515758048000],
  'edited-message-supergroup-location': ['edit', '-10011869112345', '12345678', undefined, 1604282070000],
  'edited-message-supergroup-location-2': ['edit', '-10011869112345', '12345678', undefined, 1604282074000],
  'edited-message-supergroup-text': ['edit', '-10011869112345', '12345678', 'Hello, modified', 1604282153000],
  'edited-message-text': ['edit', '427770117', '427770117', 'hiiiii', 1515758017000],
  'edited-message-text-2': ['edit', '427770117', '427770117', 'hiiiii', 1515758017000],
  'inline-query': ['other', 'user:427770117', '427770117', '123'],
  'inline-query-2': ['other', 'user:427770117', '427770117', '123'],
  'message-group-group-chat-created': ['message', '-552721116', '1111111111111111', undefined, 1615072605000],
  'message-group-text': ['message', '-225456171', '427770117', 'hi', 1515758146000],
  'message-private-document': ['message', '12345678', '12345678', undefined, 1604226480000],
  'message-private-document-2': ['message', '12345678', '12345678', undefined, 1604226480000],
  'message-private-message-auto-delete-timer-changed': [
    'message',
    '12345678',
    '12345678',
    undefined,
    1604171814000,
  ],
  'message-private-photo': ['message', '12345678', '12345678', undefined, 1604188669000],
  'message-private-photo-2': ['message', '100000001', '100000001', undefined, 1753164384000],
  'message-private-successful-payment': ['message', '12345', '12345', undefined, 1535389477000],
  'message-private-voice': ['message', '12345678', '12345678', undefined, 1604188673000],
  'message-private-write-access-allowed': ['message', '11111111', '11111111', undefined, 1707944280000],
  'message-reaction-count-channel': ['reaction', '-1002236736395', undefined, undefined, 1721306391000],
  'message-reaction-supergroup-2': ['reaction', '-1002199793788', undefined, undefined, 1723798597000],
  'message-supergroup-2': ['message', '-1001308316775', '1111111111111111', undefined, 1615072671000],
  'message-supergroup-contact': ['message', '-10011869112345', '12345678', undefined, 1604282029000],
  'message-supergroup-location': ['message', '-10011869112345', '12345678', undefined, 1604282057000],
  'message-supergroup-photo': ['message', '-10011869112345', '12345678', undefined, 1604281993000],
  'message-supergroup-poll': ['message', '-10011869112345', '12345678', undefined, 1604282015000],
  'message-supergroup-text': ['message', '-10011869112345', '12345678', 'Hello', 1604282147000],
  'message-supergroup-text-2': ['message', '-10011869112345', '12345678', 'And the answer', 1604282163000],
  'message-supergroup-video-chat-started': [
    'message',
    '-1001308316775',
    '1111111111111111',
    undefined,
    1615072662000,
  ],
  poll: ['other', 'poll:123'],
  'pre-checkout-query': ['other', 'user:427770117', '427770117'],
  'pre-checkout-query-2': ['other', 'user:427770117', '427770117'],
  'purchased-paid-media': ['other', 'user:408258968', '408258968'],
  'removed-chat-boost-channel': ['other', '-1002236736395'],
  'shipping-query': ['other', 'user:427770117', '427770117'],
  'shipping-query-2': ['other', 'user:427770117', '427770117'],
  'synthetic-callback-query-inline-message-no-chat': ['button', 'user:42', '42', 'd'],
  'synthetic-forum-topic-message': ['message', '-1009999999999999', '4503599627370495', 'hi', 1767224888000],
  'synthetic-lone-surrogate-and-nul-escape': ['message', '7', '7', 'a\u0000b \ud83d c', 1767224888000],
  'synthetic-poll-no-chat-no-user': ['other', 'poll:5260000000000000001'],
  'synthetic-unicode-4096-utf16': ['message', '-1009999999999999', '4503599627370495', long, 1767224888000],
}

/** The same secret with the lowest bit of one character changed. */
function changed(secret: string): string {
  return `${String.fromCharCode(secret.charCodeAt(0) ^ 1)}${secret.slice(1)}`
}

function expectedUpdate(
  name: string,
  [kind, conversation, user, text, sentAtMs]: Expectation,
): ExpectedUpdate {
  const body = readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8')
  const id = /"update_id":\s*(\d+)/.exec(body)?.[1] ?? ''
  return { id, kind, conversation, user, sentAtMs, ...(text !== long && { text }) }
}

/** Telegram's duties; it repeats a secret and signs nothing. */
export const telegramCase: ConformanceCase = {
  adapter: adapters.telegram,
  credentials,
  oracle: null,
  request: body =>
    webhookRequest(body, { [header]: credentials.webhookSecret, 'content-type': 'application/json' }),
  tampered: request => [
    {
      what: 'secret',
      request: { ...request, headers: { ...request.headers, [header]: changed(credentials.webhookSecret) } },
    },
    {
      what: 'key',
      request,
      credentials: { ...credentials, webhookSecret: changed(credentials.webhookSecret) },
    },
  ],
  events,
  questions,
  accepted: { ok: true, result: { message_id: 1 } },
  fixtures: Object.fromEntries(
    Object.entries(expected).map(([name, expectation]) => [
      `${name}.json`,
      [expectedUpdate(name, expectation)],
    ]),
  ),
}
