import { createHmac } from 'node:crypto'
import { validateSignature } from '@line/bot-sdk'
import { adapters } from '../../src/index.ts'
import type { ConformanceCase } from '../conformance/conformance-case.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { flipBit } from '../verify/flip-bit.ts'
import { events } from './events.ts'
import { questions } from './questions.ts'

const channelSecret = '0123456789abcdef0123456789abcdef'
const credentials = { channelSecret, channelAccessToken: 'a-channel-access-token' }

/** The SDK only checks: what it takes is what it would have signed. */
function signed(body: Buffer) {
  const signature = createHmac('sha256', channelSecret).update(body).digest('base64')
  if (!validateSignature(body, channelSecret, signature))
    throw new Error('the SDK of LINE refuses the signature')
  return webhookRequest(body, { 'content-type': 'application/json', 'x-line-signature': signature })
}

/**
 * LINE's duties: an event is in its group, room or user's chat; events without an id of their own are told by
 * their bytes.
 */
export const lineCase: ConformanceCase = {
  adapter: adapters.line,
  credentials,
  oracle: '@line/bot-sdk',
  accepted: { sentMessages: [{ id: '1' }] },
  request: signed,
  events,
  // LINE's own samples of what may come one day.
  undocumented: ['unknown.json'],
  questions,
  tampered(request) {
    const forged = flipBit(Buffer.from(String(request.headers['x-line-signature']), 'base64')).toString(
      'base64',
    )
    const changedKey = flipBit(Buffer.from(channelSecret)).toString()
    return [
      {
        what: 'signature',
        request: { ...request, headers: { ...request.headers, 'x-line-signature': forged } },
      },
      { what: 'body', request: { ...request, body: flipBit(request.body) } },
      { what: 'key', request, credentials: { ...credentials, channelSecret: changedKey } },
    ]
  },
  redelivered: body =>
    signed(Buffer.from(body.toString().replaceAll(/"isRedelivery":\s*false/g, '"isRedelivery":true'))),
  fixtures: {
    'beacon.json': [
      {
        kind: 'other',
        conversation: 'U012345678901234567890123456789ab',
        user: 'U012345678901234567890123456789ab',
        text: undefined,
        sentAtMs: 1462629479859,
      },
    ],
    'bottender-webhook-verify-request-body.json': [
      {
        kind: 'message',
        conversation: 'Udeadbeefdeadbeefdeadbeefdeadbeef',
        user: 'Udeadbeefdeadbeefdeadbeefdeadbeef',
        text: 'Hello, world',
        sentAtMs: 1513065174862,
      },
      {
        kind: 'message',
        conversation: 'Udeadbeefdeadbeefdeadbeefdeadbeef',
        user: 'Udeadbeefdeadbeefdeadbeefdeadbeef',
        text: undefined,
        sentAtMs: 1513065174862,
      },
    ],
    'empty-events-verify.json': [],
    'file.json': [
      {
        kind: 'message',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: undefined,
        sentAtMs: 1462629479859,
      },
    ],
    'follow.json': [
      {
        kind: 'membership',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: undefined,
        sentAtMs: 1462629479859,
      },
    ],
    'join.json': [
      {
        kind: 'membership',
        conversation: 'cxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
        user: undefined,
        text: undefined,
        sentAtMs: 1462629479859,
      },
    ],
    'location.json': [
      {
        kind: 'message',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: undefined,
        sentAtMs: 1462629479859,
      },
    ],
    'member-joined.json': [
      {
        kind: 'membership',
        conversation: 'C1234567890',
        user: undefined,
        text: undefined,
        sentAtMs: 1553506027708,
      },
    ],
    'member-left.json': [
      {
        kind: 'membership',
        conversation: 'C1234567890',
        user: undefined,
        text: undefined,
        sentAtMs: 1553506027708,
      },
    ],
    'message-edited.json': [
      {
        id: '01G2KZKG2DS765NMRH3GZFD8AP',
        kind: 'edit',
        conversation: 'cxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: 'Hello, edited world',
        sentAtMs: 1462629479859,
      },
    ],
    'parser-callback-request.json': [
      {
        kind: 'message',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: 'Hello, world',
        sentAtMs: 1462629479859,
      },
      {
        kind: 'membership',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: undefined,
        sentAtMs: 1462629479859,
      },
    ],
    'sticker-keywords-array.json': [
      {
        kind: 'message',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: undefined,
        sentAtMs: 1462629479859,
      },
    ],
    'sticker-keywords-remove.json': [
      {
        kind: 'message',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: undefined,
        sentAtMs: 1462629479859,
      },
    ],
    'sticker.json': [
      {
        kind: 'message',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: undefined,
        sentAtMs: 1462629479859,
      },
    ],
    'synthetic-batch-6events.json': [
      {
        id: '01H810YECXQQZ37VAXPF6H9E00',
        kind: 'message',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: 'Hello, world',
        sentAtMs: 1462629479859,
      },
      {
        id: '01H810YECXQQZ37VAXPF6H9E01',
        kind: 'other',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: undefined,
        text: 'Hello, world',
        sentAtMs: 1462629479859,
      },
      {
        id: '01H810YECXQQZ37VAXPF6H9E02',
        kind: 'membership',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: undefined,
        sentAtMs: 1462629479859,
      },
      {
        id: '01H810YECXQQZ37VAXPF6H9E03',
        kind: 'membership',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: undefined,
        sentAtMs: 1462629479859,
      },
      {
        id: '01H810YECXQQZ37VAXPF6H9E04',
        kind: 'other',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: undefined,
        sentAtMs: 1462629479859,
      },
      {
        id: '01H810YECXQQZ37VAXPF6H9E05',
        kind: 'message',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: 'Hello, world',
        sentAtMs: 1462629479859,
      },
    ],
    'text-group.json': [
      {
        kind: 'other',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: undefined,
        text: 'Hello, world',
        sentAtMs: 1462629479859,
      },
    ],
    'text-user.json': [
      {
        kind: 'message',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: 'Hello, world',
        sentAtMs: 1462629479859,
      },
    ],
    'unknown.json': [
      {
        kind: 'other',
        conversation: 'U012345678901234567890123456789ab',
        user: 'U012345678901234567890123456789ab',
        text: undefined,
        sentAtMs: 1462629479859,
      },
      {
        kind: 'other',
        conversation: 'bot',
        user: undefined,
        text: undefined,
        sentAtMs: 1462629479859,
      },
    ],
    'unsend.json': [
      {
        kind: 'other',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: undefined,
        sentAtMs: 1462629479859,
      },
    ],
    'video.json': [
      {
        kind: 'message',
        conversation: 'U4af4980629...',
        user: 'U4af4980629...',
        text: undefined,
        sentAtMs: 1462629479859,
      },
    ],
    'webhook-redelivery.json': [
      {
        id: '01G2KZKG2DS765NMRH3GZFD8AP',
        kind: 'message',
        conversation: 'u206d25c2ea6bd87c17655609a1c37cb8',
        user: 'u206d25c2ea6bd87c17655609a1c37cb8',
        text: 'Hello, world',
        sentAtMs: 1462629479859,
      },
    ],
  },
}
