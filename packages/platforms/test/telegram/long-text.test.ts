import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { adapters } from '../../src/index.ts'
import { webhookRequest } from '../http/webhook-request.ts'

test('a text as long as Telegram allows comes whole, whatever its script', () => {
  const body = readFileSync(new URL('./fixtures/synthetic-unicode-4096-utf16.json', import.meta.url))

  const [update] = adapters.telegram.normalise(webhookRequest(body))

  assert.equal(update?.text, JSON.parse(body.toString()).message.text)
  assert.equal(update?.text?.length, 4096)
})
