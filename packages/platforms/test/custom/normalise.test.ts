import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { adapters, InvalidUpdateError } from '../../src/index.ts'
import { webhookRequest } from '../http/webhook-request.ts'

function normalise(body: object) {
  const [only] = adapters.custom.normalise(webhookRequest(JSON.stringify(body)))
  assert.ok(only)
  const { raw, ...facts } = only
  return facts
}

function refusal(body: string | Buffer) {
  try {
    adapters.custom.normalise(webhookRequest(body))
  } catch (error) {
    assert.ok(error instanceof InvalidUpdateError)
    return { code: error.code, path: error.path }
  }
  assert.fail('the body was taken')
}

test('id, conversation, user and text are taken as they stand, data passes through', () => {
  const body =
    '{"id":"42","conversation":"room 7","user":"ada","text":"hi","data":{"big":12345678901234567890}}'

  const updates = adapters.custom.normalise(webhookRequest(body))

  assert.deepEqual(updates, [
    {
      id: '42',
      event: 'update',
      kind: 'message',
      conversation: 'room 7',
      user: 'ada',
      text: 'hi',
      raw: Buffer.from(body),
    },
  ])
})

test('a text that begins with a slash and a name is a command, no text at all is other', () => {
  assert.equal(normalise({ id: '1', conversation: 'c', text: '/start now' }).kind, 'command')
  assert.equal(normalise({ id: '1', conversation: 'c', text: '' }).kind, 'message')
  assert.equal(normalise({ id: '1', conversation: 'c', data: 5 }).kind, 'other')
})

test('an id or text that is no string, or an id that is empty, too long or half a character, is refused by path', () => {
  const cases: [object, string][] = [
    [{ conversation: 'c' }, '/id'],
    [{ id: '1' }, '/conversation'],
    [{ id: 1, conversation: 'c' }, '/id'],
    [{ id: '', conversation: 'c' }, '/id'],
    [{ id: 'x'.repeat(257), conversation: 'c' }, '/id'],
    [{ id: '1', conversation: '\ud800' }, '/conversation'],
    [{ id: '1', conversation: 'c', user: null }, '/user'],
    [{ id: '1', conversation: 'c', text: ['t'] }, '/text'],
    [{ id: '1', conversation: 'c', fromBot: 'yes' }, '/fromBot'],
  ]
  for (const [body, path] of cases) {
    assert.deepEqual(refusal(JSON.stringify(body)), { code: 'GTW_INVALID_UPDATE', path })
  }
})

test('an event of another sender of Standard Webhooks is other, by its webhook-id, in the order of the endpoint', () => {
  for (const name of ['spec-example', 'vector-1']) {
    const body = readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url))

    const updates = adapters.custom.normalise(webhookRequest(body, { 'webhook-id': 'msg_1' }))

    assert.deepEqual(updates, [
      { id: 'msg_1', event: 'foreign', kind: 'other', conversation: 'bot', raw: body },
    ])
  }
  for (const body of ['[]', '5', 'null', '{"id":"1"}', '{"conversation":"c"}']) {
    const call = webhookRequest(body, { 'webhook-id': 'msg_1' })

    assert.throws(() => adapters.custom.normalise(call), InvalidUpdateError, body)
  }
})

test('the sender says of a bot that it is one', () => {
  assert.equal(normalise({ id: '1', conversation: 'c', text: 'hi', fromBot: true }).fromBot, true)
  assert.equal('fromBot' in normalise({ id: '1', conversation: 'c', text: 'hi', fromBot: false }), false)
})

test('a text is of 100,000 characters, a native message of as many as the other side takes', () => {
  const { textLimit, tooLong } = adapters.custom

  assert.equal(textLimit?.max, 100_000)
  assert.equal(textLimit?.measure('😀é'), 2)
  assert.equal(tooLong, undefined)
})
