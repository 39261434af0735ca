import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { adapter as twilio } from '../../src/twilio/adapter.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { account, formType, message } from './form-of.ts'

const authToken = '0123456789abcdef0123456789abcdef'
const url = 'https://bots.example/hooks/twilio/bot'
const heard = { ...message, Body: 'hi' } as const
const network = {} as never

/** A call with the fields, under the signature of others. */
function call(fields: object, signed: object = fields) {
  const body = new URLSearchParams(Object.entries(fields)).toString()
  const signature = getExpectedTwilioSignature(authToken, url, { ...signed })
  return { ...webhookRequest(body, { 'content-type': formType, 'x-twilio-signature': signature }), url }
}

const resultOf = (fields: object, signed?: object) =>
  twilio.verify(call(fields, signed), { accountSid: account, authToken }, network)
const idOf = (fields: object, signed?: object) => twilio.normalise(call(fields, signed))[0]?.id

test('a call of another account is refused, its own is not, and the debugger tells of accounts below', () => {
  const foreign = { ...heard, AccountSid: `AC${'1'.repeat(32)}` }

  assert.deepEqual(resultOf(heard), { genuine: true })
  assert.deepEqual(resultOf({ ...heard, AccountSid: account.toLowerCase() }), { genuine: true })
  assert.deepEqual(resultOf(foreign), { genuine: false, reason: 'mismatch' })
  assert.deepEqual(resultOf({ ...foreign, ParentAccountSid: account }), { genuine: true })
})

test('the id of a message with the next field at its end is refused, though its signature is good', () => {
  const { MessageSid, NumMedia, ...rest } = heard
  const moved = { ...rest, MessageSid: `${MessageSid}NumMedia${NumMedia}` }

  assert.deepEqual(resultOf(moved, heard), { genuine: false, reason: 'malformed' })
  assert.deepEqual(resultOf({ ...rest, MessageSid: 'SM1' }), { genuine: false, reason: 'malformed' })
})

test('a replay without the id of its message is the same update as often as it comes, and no message', () => {
  const { MessageSid, NumMedia, SmsSid, SmsStatus, ...rest } = heard
  const hidden = {
    ...rest,
    From: `${heard.From}MessageSid${MessageSid}NumMedia${NumMedia}SmsSid${SmsSid}SmsStatus${SmsStatus}`,
  }
  const otherwise = { ...hidden, From: heard.From, [`FromMessageSid${MessageSid}`]: '' }

  assert.deepEqual(resultOf(hidden, heard), { genuine: true })
  assert.equal(twilio.normalise(call(hidden, heard))[0]?.kind, 'other')
  assert.equal(idOf(hidden, heard), idOf({ ...otherwise }, heard))
})

test('a status with the next field at its end is the same update as often as it comes', () => {
  const status = { ...heard, MessageStatus: 'sent', SmsStatus: 'sent' }
  const moved = { ...status, MessageStatus: 'sentX' }

  assert.equal(idOf(status), `${heard.MessageSid}:sent`)
  assert.equal(idOf(moved, status), idOf({ ...moved, MessageStatus: 'sentXY' }, status))
  assert.equal(idOf({ ...status, ErrorCode: '30003' }), `${heard.MessageSid}:sent:30003`)
  assert.equal(idOf({ ...status, ErrorCode: '30003From+1' }), `${heard.MessageSid}:sent`)
})
