import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BotSettings } from '@botyard/queue-contracts'
import { adapters } from '../../src/index.ts'
import { readFixtures } from '../conformance/fixtures.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const fixtures = new Map(readFixtures('slack').map(fixture => [fixture.file, fixture]))

function requestOf(file: string) {
  const { body, contentType } = fixtures.get(file)!
  return webhookRequest(body, { 'content-type': contentType })
}

/** The answer to a fixture's update: whether it waits, and with which body it is answered if nobody comes. */
function answerTo(file: string, defer: BotSettings['defer']) {
  const called = adapters.slack.answer!(
    adapters.slack.normalise(requestOf(file)),
    defer === undefined ? {} : { defer },
  )
  const { status, body } = 'now' in called ? called.now : called.fallback
  return { waits: 'wait' in called, status, body }
}

test('a url is verified by its own challenge, and the certificate’s check by an empty 200', () => {
  const { handshake } = adapters.slack
  const challenge = '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P'

  assert.deepEqual(handshake?.(requestOf('url-verification.json')), {
    status: 200,
    body: `{"challenge":"${challenge}"}`,
  })
  assert.equal(handshake?.(requestOf('synthetic-ssl-check.form.json'))?.body, '')
  const said = {
    type: 'event_callback',
    event: { type: 'message', text: '"url_verification"' },
    challenge: 'x',
  }
  assert.equal(handshake?.(webhookRequest(JSON.stringify(said))), undefined)
})

test('events, buttons and shortcuts are taken at once, whatever the bot defers', () => {
  for (const defer of ['public', 'none'] as const) {
    assert.deepEqual(answerTo('raw-message.json', defer), { waits: false, status: 200, body: '{"ok":true}' })
    for (const file of [
      'bolt-interactive-block-actions-3.form.json',
      'bolt-interactive-shortcut.form.json',
    ]) {
      assert.deepEqual(answerTo(file, defer), { waits: false, status: 200, body: '' })
    }
  }
})

test('slash commands and sent views wait for the handler only if the bot does not defer', () => {
  for (const file of [
    'slash-slash-commands-slash-command-with-args.form.json',
    'interactive-modals-view-submission.form.json',
  ]) {
    assert.deepEqual(answerTo(file, undefined), { waits: false, status: 200, body: '' })
    assert.deepEqual(answerTo(file, 'ephemeral'), { waits: false, status: 200, body: '' })
    assert.deepEqual(answerTo(file, 'none'), { waits: true, status: 200, body: '' })
  }
})

test('options are always waited for', () => {
  for (const defer of [undefined, 'public', 'none'] as const) {
    const options = { waits: true, status: 200, body: '{"options":[]}' }
    assert.deepEqual(answerTo('synthetic-block-suggestion.form.json', defer), options)
  }
})
