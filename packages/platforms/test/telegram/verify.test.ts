import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { verifyTelegram } from '../../src/telegram/verify.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const header = 'x-telegram-bot-api-secret-token'
const credentials = { token: '1:a', webhookSecret: 'right-secret_1' }

function resultOf(secret: string | string[] | undefined) {
  return verifyTelegram(webhookRequest('{}', { [header]: secret }), credentials)
}

test('a call with the bot’s own secret is genuine', () => {
  assert.deepEqual(resultOf('right-secret_1'), { genuine: true })
})

test('a call without a secret is told apart from one with a wrong secret', () => {
  assert.deepEqual(resultOf(undefined), { genuine: false, reason: 'missing' })
  assert.deepEqual(resultOf(''), { genuine: false, reason: 'missing' })
  assert.deepEqual(resultOf('wrong-secret_1'), { genuine: false, reason: 'mismatch' })
})

test('a secret given twice is malformed, even when both are right', () => {
  assert.deepEqual(resultOf(['right-secret_1', 'right-secret_1']), { genuine: false, reason: 'malformed' })
})

test('no other secret is genuine: shorter, longer, of another case or of any characters', () => {
  for (const near of [
    'right-secret_',
    'right-secret_11',
    'RIGHT-SECRET_1',
    ' right-secret_1',
    'right-secret_1\0',
  ]) {
    assert.deepEqual(resultOf(near), { genuine: false, reason: 'mismatch' })
  }
  fc.assert(fc.property(fc.string({ unit: 'binary' }), secret => !resultOf(secret).genuine))
})
