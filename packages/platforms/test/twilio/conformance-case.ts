import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { adapter as twilio } from '../../src/twilio/adapter.ts'
import type { ConformanceCase } from '../conformance/conformance-case.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { flipBit } from '../verify/flip-bit.ts'
import { events } from './events.ts'
import { questions } from './questions.ts'

const credentials = {
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: '0123456789abcdef0123456789abcdef',
  from: '+15551234567',
}
const url = 'https://bots.example/hooks/twilio/bot?channel=sms&name=O%27Brien'

/** What the SDK of Twilio signs: the url and the fields, decoded. */
function sign(body: Buffer, contentType: string) {
  const fields = Object.fromEntries(new URLSearchParams(body.toString()))
  const signature = getExpectedTwilioSignature(credentials.authToken, url, fields)
  return { ...webhookRequest(body, { 'content-type': contentType, 'x-twilio-signature': signature }), url }
}

/** Twilio's duties; its own SDK signs. */
export const twilioCase: ConformanceCase = {
  adapter: twilio as ConformanceCase['adapter'],
  credentials,
  oracle: 'twilio',
  accepted: { sid: 'SM1', status: 'queued' },
  request: (body, { contentType = 'application/x-www-form-urlencoded' } = {}) => sign(body, contentType),
  tampered(request) {
    const signature = Buffer.from(String(request.headers['x-twilio-signature']), 'base64')
    const forged = flipBit(signature).toString('base64')
    return [
      {
        what: 'signature',
        request: { ...request, headers: { ...request.headers, 'x-twilio-signature': forged } },
      },
      { what: 'body', request: { ...request, body: flipBit(request.body) } },
      { what: 'url', request: { ...request, url: `${request.url}1` } },
      {
        what: 'key',
        request,
        credentials: { ...credentials, authToken: flipBit(Buffer.from(credentials.authToken)).toString() },
      },
    ]
  },
  events,
  questions,
  // The recorded ids are blacked out, and are of other accounts.
  genuine(body) {
    const text = body.toString('latin1').replaceAll('XXXXX', '00000')
    return Buffer.from(text.replaceAll(/AccountSid=AC\w+/g, `AccountSid=${credentials.accountSid}`), 'latin1')
  },
  fixtures: {
    'whatsapp-text-message-received.form.json': [
      {
        id: 'SM7cd85aed706d25735d1c801923400000',
        kind: 'message',
        conversation: 'whatsapp:+14155238886/whatsapp:+886123456789',
        user: 'whatsapp:+886123456789',
        text: 'hi',
        sentAtMs: undefined,
      },
    ],
    'whatsapp-image-message-received.form.json': [
      {
        id: 'MMad0463f6e2a946b3fc91d9a04a200000',
        kind: 'message',
        conversation: 'whatsapp:+14155238886/whatsapp:+886123456789',
        user: 'whatsapp:+886123456789',
        text: 'xd',
      },
    ],
    'whatsapp-message-read.form.json': [
      {
        id: 'SM338ac551ecd04d698821b50ea5d00000:read',
        kind: 'status',
        conversation: 'whatsapp:+14155238886/whatsapp:+886123456789',
        user: 'whatsapp:+886123456789',
        text: undefined,
      },
    ],
    'signature-vector-voice.form.json': [
      { kind: 'other', conversation: '+18005551212/+14158675309', user: '+14158675309', text: undefined },
    ],
    'synthetic-status-callback-failed.form.json': [
      {
        id: 'SM00000000000000000000000000000003:failed:30003',
        kind: 'status',
        conversation: '+12028831111/+14133881111',
        user: '+14133881111',
      },
    ],
    'synthetic-whatsapp-inbound.form.json': [
      {
        id: 'SM00000000000000000000000000000004',
        kind: 'message',
        conversation: 'whatsapp:+14155238886/whatsapp:+16505551234',
        user: 'whatsapp:+16505551234',
        text: 'hi',
      },
    ],
  },
  redelivered(body, { contentType = 'application/x-www-form-urlencoded' } = {}) {
    const request = sign(body, contentType)
    return { ...request, headers: { ...request.headers, 'i-twilio-idempotency-token': 'a-retry' } }
  },
}
