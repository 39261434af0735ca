import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { BotSettings } from '@botyard/queue-contracts'
import { adapters } from '../../src/index.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const fixture = (name: string) =>
  webhookRequest(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url)))

/** The answer to a fixture's update, with its body parsed. */
function answerTo(name: string, defer?: BotSettings['defer']) {
  const called = adapters.discord.answer!(
    adapters.discord.normalise(fixture(name)),
    defer === undefined ? {} : { defer },
  )
  const { status, body } = 'now' in called ? called.now : called.fallback
  return { waits: 'wait' in called, status, body: body === undefined ? undefined : JSON.parse(body) }
}

test('each PING is answered in its own way', () => {
  const { handshake } = adapters.discord

  assert.deepEqual(handshake?.(fixture('synthetic-ping-interaction')), { status: 200, body: '{"type":1}' })
  assert.deepEqual(handshake?.(fixture('synthetic-ping-webhook-event')), {
    status: 204,
    contentType: 'application/json',
  })
  assert.deepEqual(handshake?.(webhookRequest('{"type":1}')), { status: 200, body: '{"type":1}' })
  assert.equal(handshake?.(fixture('synthetic-webhook-event-no-data')), undefined)
})

test('commands and sent forms are deferred, for all or for the user alone', () => {
  for (const name of ['synthetic-command-with-options', 'hikari-modal-interaction']) {
    assert.deepEqual(answerTo(name), { waits: false, status: 200, body: { type: 5 } })
    assert.deepEqual(answerTo(name, 'public'), { waits: false, status: 200, body: { type: 5 } })
    assert.deepEqual(answerTo(name, 'ephemeral'), {
      waits: false,
      status: 200,
      body: { type: 5, data: { flags: 64 } },
    })
    assert.deepEqual(answerTo(name, 'none'), { waits: true, status: 200, body: { type: 5 } })
  }
})

test('a component’s answer is not seen, and choices are always waited for', () => {
  const component = 'component-dm-button-click'
  assert.deepEqual(answerTo(component), { waits: false, status: 200, body: { type: 6 } })
  assert.deepEqual(answerTo(component, 'ephemeral'), { waits: false, status: 200, body: { type: 6 } })
  assert.deepEqual(answerTo(component, 'none'), { waits: true, status: 200, body: { type: 6 } })
  for (const defer of [undefined, 'ephemeral', 'none'] as const) {
    const choices = { waits: true, status: 200, body: { type: 8, data: { choices: [] } } }
    assert.deepEqual(answerTo('hikari-autocomplete-interaction', defer), choices)
  }
})

test('webhook events are answered 204 and nothing else', () => {
  const name = 'synthetic-webhook-event-lobby-message-create'
  assert.deepEqual(answerTo(name, 'none'), { waits: false, status: 204, body: undefined })
})

test('“thinking” is ended where no message takes its place: nothing was said, or another message was edited', () => {
  const { acknowledge } = adapters.discord
  const command = { kind: 'command' as const, route: { token: 't' } }
  const form = { kind: 'modal' as const, route: { token: 't', openedFrom: '9' } }
  const dismissal = { action: 'dismiss' }

  assert.deepEqual(acknowledge?.(command, [], 'handled'), dismissal)
  assert.equal(acknowledge?.(command, [{ text: 'a' }], 'handled'), undefined)
  assert.equal(acknowledge?.(command, [{ action: 'edit', text: 'a' }], 'handled'), undefined)
  assert.deepEqual(
    acknowledge?.(command, [{ action: 'edit', message: '9', text: 'a' }], 'handled'),
    dismissal,
  )
  assert.deepEqual(acknowledge?.(form, [{ action: 'edit', text: 'a' }], 'handled'), dismissal)
  assert.equal(acknowledge?.(form, [{ action: 'edit', text: 'a' }, { text: 'b' }], 'handled'), undefined)
  assert.equal(acknowledge?.(command, [], 'responded'), undefined)
  assert.equal(acknowledge?.({ kind: 'button', route: { token: 't' } }, [], 'handled'), undefined)
  assert.equal(acknowledge?.({ kind: 'message', route: { channel: '6' } }, [], 'handled'), undefined)
})
