import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters } from '../../src/index.ts'
import { cutOff } from '../http/cut-off.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { about } from './teams-call.ts'

function normalise(activity: object) {
  const [only] = adapters.teams.normalise(webhookRequest(JSON.stringify({ ...about, ...activity })))
  assert.ok(only)
  return only
}

function mention(text: string, id = '28:bot') {
  return { text, entities: [{ type: 'mention', text: '<at>Bot</at>', mentioned: { id } }] }
}

test('the mention of the bot that a channel demands is not part of the text, so a command is a command there', () => {
  const command = normalise({ type: 'message', ...mention('<at>Bot</at> /help me') })

  assert.deepEqual([command.kind, command.text], ['command', '/help me'])
  assert.equal(normalise({ type: 'message', ...mention('<at>Bot</at> hi', '29:other') }).text, 'Bot hi')
  assert.equal(normalise({ type: 'message', ...mention('<at>Bot</at>') }).text, '')
})

test('hundreds of mentions that are long to look for do not hold everybody up', () => {
  const text = 'a'.repeat(500_000)
  const long = { ...mention('').entities[0], text: `${'a'.repeat(500)}b${'a'.repeat(500)}` }

  const message = cutOff(() => normalise({ type: 'message', text, entities: Array(450).fill(long) }))

  assert.equal(message.text, text)
})

test('a message with a value is a button of the message it hangs on, and its text the value as it was sent', () => {
  const body = `{"type":"message","replyToId":"16","value":{ "n": 12345678901234567890 },"id":"17"}`

  const [pressed] = adapters.teams.normalise(webhookRequest(body))

  assert.equal(pressed?.kind, 'button')
  assert.equal(pressed?.text, '{ "n": 12345678901234567890 }')
  assert.deepEqual(pressed?.route, { message: '16' })
})

test('invokes are buttons, forms and completions by their name, and make the call wait', () => {
  for (const [name, kind] of [
    ['adaptiveCard/action', 'button'],
    ['task/fetch', 'button'],
    ['task/submit', 'modal'],
    ['composeExtension/query', 'autocomplete'],
    ['signin/verifyState', 'other'],
    ['of/the.future', 'other'],
    [undefined, 'other'],
  ]) {
    const update = normalise({ type: 'invoke', name, value: {} })

    assert.equal(update.kind, kind)
    const fallback = { status: 200, body: '{"status":200}' }
    assert.deepEqual(adapters.teams.answer?.([update], {}), { wait: true, fallback })
  }
  const plain = normalise({ type: 'message', text: 'hi', name: 'task/fetch' })
  assert.deepEqual(adapters.teams.answer?.([plain], { defer: 'none' }), { now: { status: 200, body: '{}' } })
})

test('what names no conversation belongs to its user, its tenant or the bot', () => {
  const conversation = undefined
  const tenant = { channelData: { tenant: { id: 't1' } } }

  assert.equal(normalise({ type: 'event', conversation }).conversation, 'user:29:1user')
  assert.equal(
    normalise({ type: 'event', conversation, from: undefined, ...tenant }).conversation,
    'tenant:t1',
  )
  assert.equal(normalise({ type: 'event', conversation, from: undefined }).conversation, 'bot')
  assert.equal(normalise({ type: 'event', ...tenant }).tenant, 't1')
})

test('a message sent again has its id; edits and reactions, which bear that of their message, have one each', () => {
  const sent = normalise({ type: 'message', text: 'a' })
  const at = (second: number) => ({ timestamp: `2026-01-05T10:00:0${second}.000Z` })
  const others = [
    normalise({ type: 'message', text: 'a', conversation: { id: 'another' } }),
    normalise({ type: 'messageUpdate', text: 'b', ...at(1) }),
    normalise({ type: 'messageUpdate', text: 'c', ...at(2) }),
    normalise({ type: 'messageDelete', ...at(3) }),
    normalise({ type: 'messageReaction', reactionsAdded: [{ type: 'like' }], ...at(4) }),
    normalise({ type: 'messageReaction', reactionsRemoved: [{ type: 'like' }], ...at(5) }),
    normalise({ type: 'messageReaction', reactionsAdded: [{ type: 'like' }], id: undefined }),
    normalise({ type: 'messageReaction', reactionsAdded: [{ type: 'sad' }], id: undefined }),
  ]

  assert.equal(normalise({ type: 'message', text: 'a', ...at(9) }).id, sent.id)
  assert.equal(new Set([sent, ...others].map(({ id }) => id)).size, others.length + 1)
})

test('an activity without a type is refused by path; fields of an odd type are as good as absent', () => {
  const refused = () => adapters.teams.normalise(webhookRequest('{"text":"a"}'))
  assert.throws(refused, { code: 'GTW_INVALID_UPDATE', path: '/type' })

  const odd = { text: 5, from: 'x', conversation: [], timestamp: 1, channelData: null, entities: {}, id: 7 }
  assert.equal(normalise({ type: 'message', ...odd }).conversation, 'bot')
})
