import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InvalidUpdateError } from '../../src/index.ts'
import { normaliseTwilio } from '../../src/twilio/normalise.ts'
import { webhookRequest } from '../http/webhook-request.ts'

function normalise(body: string, contentType = 'application/x-www-form-urlencoded') {
  const [only] = normaliseTwilio(webhookRequest(body, { 'content-type': contentType }))
  assert.ok(only)
  return only
}

test('a command and a pressed button are told from a message', () => {
  const message = 'MessageSid=SM1&From=%2B1&To=%2B2'

  assert.equal(normalise(`${message}&Body=%2Fstart+now`).kind, 'command')
  assert.equal(normalise(`${message}&Body=hello`).kind, 'message')
  const { kind, text } = normalise(`${message}&Body=Yes%21&ButtonText=Yes%21&ButtonPayload=confirm%3A7`)
  assert.deepEqual({ kind, text }, { kind: 'button', text: 'confirm:7' })
})

test('our number and the messaging service go into the route, for the answer to come from', () => {
  const { route, conversation } = normalise(
    'MessageSid=SM1&From=%2B1&To=%2B2&MessagingServiceSid=MG1&Body=hi',
  )

  assert.deepEqual({ route, conversation }, { route: { from: '+2', service: 'MG1' }, conversation: '+2/+1' })
})

test('what names no one is the bot’s, what names only a user is the user’s', () => {
  assert.equal(normalise('MessageSid=SM1').conversation, 'bot')
  assert.equal(normalise('MessageSid=SM1&From=%2B1').conversation, 'user:+1')
})

test('each status of a message is an update of its own', () => {
  const ids = ['sent', 'delivered'].map(status => normalise(`MessageSid=SM1&MessageStatus=${status}`).id)

  assert.deepEqual(ids, ['SM1:sent', 'SM1:delivered'])
})

test('raw keeps the order of the fields, names that are numbers among them, and all values of one', () => {
  const { raw } = normalise('b=1&2=x&MessageSid=SM1&a=%C3%A9&b=2&__proto__=p')

  assert.equal(
    Buffer.from(raw).toString(),
    '{"b":["1","2"],"2":"x","MessageSid":"SM1","a":"é","__proto__":"p"}',
  )
})

test('a form that is not UTF-8 is refused, a replacement character that was sent is kept', () => {
  assert.throws(() => normalise('MessageSid=SM1&Body=%ff'), InvalidUpdateError)
  assert.equal(normalise('MessageSid=SM1&Body=%EF%BF%BD').text, '\ufffd')
})

test('of Event Streams each event is an update, byte for byte; one of a type that nobody knows yet is other', () => {
  const received = (sid: string) =>
    `{"id":"EZ1", "type":"com.twilio.messaging.inbound-message.received","data":{"messageSid":"${sid}","from":"+1","to":"+2","body":"hi"}}`
  const unknown = '{"id" : "EZ2","type":"com.twilio.x","data":{"n":1.0}}'
  const request = webhookRequest(`[${received('SM1')} ,${unknown}]`, { 'content-type': 'application/json' })

  const updates = normaliseTwilio(request).map(({ id, kind, conversation, text, raw }) => {
    return { id, kind, conversation, text, raw: Buffer.from(raw).toString() }
  })

  assert.deepEqual(updates, [
    { id: 'SM1', kind: 'message', conversation: '+2/+1', text: 'hi', raw: received('SM1') },
    { id: 'EZ2', kind: 'other', conversation: 'bot', text: undefined, raw: unknown },
  ])
  assert.deepEqual(normaliseTwilio(webhookRequest('[]', { 'content-type': 'application/json' })), [])
  assert.equal(normalise(unknown, 'application/json').id, 'EZ2')
})
