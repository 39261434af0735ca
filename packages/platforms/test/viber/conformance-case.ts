import { createHmac } from 'node:crypto'
import MessageValidator from 'viber-bot/lib/message/message-validator.js'
import { adapters } from '../../src/index.ts'
import type { ConformanceCase } from '../conformance/conformance-case.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { flipBit } from '../verify/flip-bit.ts'
import { events } from './events.ts'
import { questions } from './questions.ts'

const authToken = '445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9'
const credentials = { authToken, senderName: 'Botyard' }
const validator = new MessageValidator({ debug() {} }, authToken)

/** The SDK only checks: what it takes is what it would have signed. */
function signed(body: Buffer) {
  const signature = createHmac('sha256', authToken).update(body).digest('hex')
  if (!validator.validateMessage(signature, body)) throw new Error('the SDK of Viber refuses the signature')
  return webhookRequest(body, { 'content-type': 'application/json', 'x-viber-content-signature': signature })
}

/** Viber's duties: an event is told by its token's exact digits and its name; a conversation is a user. */
export const viberCase: ConformanceCase = {
  adapter: adapters.viber,
  credentials,
  oracle: 'viber-bot',
  accepted: { status: 0, status_message: 'ok', message_token: 1 },
  request: signed,
  events,
  questions,
  tampered(request) {
    const header = 'x-viber-content-signature'
    const forged = flipBit(Buffer.from(String(request.headers[header]), 'hex')).toString('hex')
    const changedKey = flipBit(Buffer.from(authToken)).toString()
    return [
      { what: 'signature', request: { ...request, headers: { ...request.headers, [header]: forged } } },
      { what: 'body', request: { ...request, body: flipBit(request.body) } },
      { what: 'key', request, credentials: { ...credentials, authToken: changedKey } },
    ]
  },
  fixtures: {
    'contact-message.json': [
      {
        id: '4912661846655238145:message',
        kind: 'message',
        conversation: '01234567890A=',
        user: '01234567890A=',
        text: undefined,
        sentAtMs: 1457764197627,
      },
    ],
    'conversation-started.json': [
      {
        id: '4912661846655238145:conversation_started',
        kind: 'other',
        conversation: '01234567890A=',
        user: '01234567890A=',
        text: undefined,
        sentAtMs: 1457764197627,
      },
    ],
    'delivered.json': [
      {
        id: '4912661846655238145:delivered:01234567890A=',
        kind: 'status',
        conversation: '01234567890A=',
        user: '01234567890A=',
        text: undefined,
        sentAtMs: 1457764197627,
      },
    ],
    'file-message.json': [
      {
        id: '4912661846655238145:message',
        kind: 'message',
        conversation: '01234567890A=',
        user: '01234567890A=',
        text: undefined,
        sentAtMs: 1457764197627,
      },
    ],
    'location-message.json': [
      {
        id: '4912661846655238145:message',
        kind: 'message',
        conversation: '01234567890A=',
        user: '01234567890A=',
        text: undefined,
        sentAtMs: 1457764197627,
      },
    ],
    'seen.json': [
      {
        id: '4912661846655238145:seen:01234567890A=',
        kind: 'status',
        conversation: '01234567890A=',
        user: '01234567890A=',
        text: undefined,
        sentAtMs: 1457764197627,
      },
    ],
    'subscribed.json': [
      {
        id: '4912661846655238145:subscribed',
        kind: 'membership',
        conversation: '01234567890A=',
        user: '01234567890A=',
        text: undefined,
        sentAtMs: 1457764197627,
      },
    ],
    'text-message.json': [
      {
        id: '4912661846655238145:message',
        kind: 'message',
        conversation: '01234567890A=',
        user: '01234567890A=',
        text: 'a message to the service',
        sentAtMs: 1457764197627,
      },
    ],
    'unicode-message.json': [
      {
        id: '4912661846655238145:message',
        kind: 'message',
        conversation: '01234567890A=',
        user: '01234567890A=',
        text: '批封廟根縄華勢田郎報株聞。変宝長独部鉱内出殺反提似惑金参勧車査真測。見名基現画府日室事集百藤米。発目本当党考万名東拓学早職表治月佐。町要静子呉遊推写間確長無読死覧件一盛治融。',
        sentAtMs: 1457764197627,
      },
    ],
    'url-message.json': [
      {
        id: '4912661846655238145:message',
        kind: 'message',
        conversation: '01234567890A=',
        user: '01234567890A=',
        text: undefined,
        sentAtMs: 1457764197627,
      },
    ],
    'video-message.json': [
      {
        id: '4912661846655238145:message',
        kind: 'message',
        conversation: '01234567890A=',
        user: '01234567890A=',
        text: undefined,
        sentAtMs: 1457764197627,
      },
    ],
    'webhook-check.json': 'handshake',
  },
}
