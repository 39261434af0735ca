import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zulip } from '../../src/zulip/adapter.ts'
import { webhookRequest } from '../webhook-request.ts'

function normalise(payload: object) {
  const body = JSON.stringify(payload)
  const [only] = zulip.normalise(webhookRequest(body, { 'content-type': 'application/json' }))
  assert.ok(only)
  assert.equal(Buffer.from(only.raw).toString(), body)
  const { raw: _raw, ...facts } = only
  return facts
}

const message = {
  content: '@**Outgoing webhook test** Zulip is the world’s most productive group chat!',
  display_recipient: 'Verona',
  id: 112,
  sender_id: 5,
  sender_realm_str: 'zulip',
  stream_id: 7,
  subject: 'Verona2',
  timestamp: 1527876931,
  type: 'stream',
}

test('a mention in a channel belongs to its topic', () => {
  assert.deepEqual(normalise({ bot_email: 'bot@localhost', message, trigger: 'mention' }), {
    id: '112:bot@localhost',
    kind: 'message',
    conversation: '7/Verona2',
    user: '5',
    text: message.content,
    tenant: 'zulip',
    sentAtMs: 1527876931000,
  })
})

test('a direct message belongs to all people in it, in whatever order they come', () => {
  const direct = (...ids: number[]) => ({
    bot_email: 'b',
    message: { id: 1, sender_id: 9, content: 'hi', type: 'private', display_recipient: ids.map(id => ({ id })) },
  })

  assert.equal(normalise(direct(25, 9, 100)).conversation, 'dm:9,25,100')
  assert.equal(normalise(direct(100, 25, 9)).conversation, 'dm:9,25,100')
})

test('a command may follow the mention of the bot', () => {
  const { kind, text } = normalise({ message: { ...message, content: '@**Deploy bot|25** /deploy now' } })

  assert.deepEqual({ kind, text }, { kind: 'command', text: '/deploy now' })
})

test('what names no channel is its user’s, what names no one is the bot’s', () => {
  assert.equal(normalise({ message: { id: 1, sender_id: 9 } }).conversation, 'user:9')
  assert.equal(normalise({}).conversation, 'bot')
})

test('without deferring the call waits for the handler’s content, else the answer asks for none', () => {
  const silence = { status: 200, body: '{"response_not_required":true}' }

  assert.deepEqual(zulip.answer?.([], {}), { now: silence })
  assert.deepEqual(zulip.answer?.([], { defer: 'none' }), { wait: true, fallback: silence })
})
