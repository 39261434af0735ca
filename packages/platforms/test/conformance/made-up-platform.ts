import { Type } from 'typebox'
import { callApi } from '../../src/http/call-api.ts'
import type { NormalisedUpdate, PlatformAdapter } from '../../src/index.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { awkwardText } from './awkward-text.ts'
import type { ConformanceCase } from './conformance-case.ts'

/** What the made-up platform posts. */
interface Event {
  readonly type: string
  readonly number: number
  readonly room: string
  readonly thread?: string
  readonly author?: string
  readonly app?: true
  readonly for?: string
  readonly text?: string
}

const me = 'me'
const nobody = 'nobody'
const max = 50
const known: ReadonlySet<string> = new Set(['said', 'halt'])

function normalise({ type, number, room, thread, author, app, for: to, text }: Event): NormalisedUpdate {
  const isTold = type === 'said' && author !== me
  const isCommand = text?.startsWith('/') === true && (to === undefined || to === me)
  return {
    id: String(number),
    event: type,
    kind: isTold ? (isCommand ? 'command' : 'message') : type === 'halt' ? 'stop' : 'other',
    conversation: thread === undefined ? room : `${room}:${thread}`,
    ...(author !== undefined && author !== nobody && { user: author }),
    ...(app && { fromBot: true as const }),
    ...(text !== undefined && { text: text.replaceAll('&amp;', '&') }),
    ...(thread !== undefined && { route: { thread } }),
    raw: Buffer.from(''),
  }
}

/** An adapter of a platform that does not exist, which keeps every duty. */
export const soundAdapter: PlatformAdapter = {
  platform: 'custom',
  duties: {
    sends: { edit: false, typing: false, idempotent: false },
    unsigned: 'Everything.',
    ownMessages: 'by the author',
    stopEvent: 'halt',
    acknowledgement: 'a tick',
  },
  credentials: Type.Object({}),
  targets: () => [],
  redeliveryWindowMs: 1,
  maxBodyBytes: 1,
  contentTypes: ['application/json'],
  verify: () => ({ genuine: true }),
  normalise: ({ body }) => [normalise(JSON.parse(body.toString()) as Event)],
  events: known,
  textLimit: { max, unit: 'UTF-16 units', measure: text => text.length },
  tooLong: ({ text }) => (String(text).length > max ? `The text is longer than ${max}.` : undefined),
  acknowledge: ({ kind }) => (kind === 'command' ? { native: { tick: true } } : undefined),
  async send({ conversation, text, native, route }, _credentials, network) {
    const body = JSON.stringify({ room: conversation.split(':')[0], ...route, ...(native ?? { text }) })
    const said = await callApi({ url: 'https://made-up.example/say', body }, network)
    return 'result' in said ? said.result : { status: 'sent' }
  },
}

const said = { type: 'said', number: 1, room: 'r1', author: 'u1', text: 'hi' }

/** The case of it, with an answer to every question. */
export const soundCase: ConformanceCase = {
  adapter: soundAdapter,
  credentials: {},
  oracle: null,
  request: body => webhookRequest(body),
  tampered: () => [],
  fixtures: {},
  events: [
    {
      event: 'said',
      docs: 'https://made-up.example/said',
      body: { ...said, thread: 't1', text: '/go' },
      expected: [
        { kind: 'command', conversation: 'r1:t1', user: 'u1', route: { thread: 't1' }, text: '/go' },
      ],
    },
    {
      event: 'halt',
      docs: 'https://made-up.example/halt',
      body: { type: 'halt', number: 2, room: 'r1' },
      expected: [{ kind: 'stop', conversation: 'r1' }],
    },
  ],
  questions: {
    ownMessages: [{ body: { ...said, author: me } }],
    foreignCommands: [{ body: { ...said, for: 'it', text: '/go' } }],
    placeholderUsers: [{ body: { ...said, author: nobody }, user: undefined }],
    deliveredTwice: [[{ body: said }, { body: { ...said, again: true } }]],
    places: [
      {
        body: { ...said, thread: 't1' },
        conversation: 'r1:t1',
        route: { thread: 't1' },
        reply: { host: 'made-up.example', path: '/say', body: { room: 'r1', thread: 't1', text: 'hi' } },
      },
    ],
    unknownEvents: [{ body: { type: 'danced', number: 3, room: 'r1' }, conversation: 'r1' }],
    typedTexts: [{ body: { ...said, text: 'a &amp; b' }, text: 'a & b' }],
    otherBots: [{ body: { ...said, app: true } }],
    replyText: { body: said, reply: { body: { text: awkwardText } } },
    nativeText: { of: text => ({ text }) },
  },
}
