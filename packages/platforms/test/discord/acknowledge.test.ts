import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acknowledgeDiscord } from '../../src/discord/answer.ts'

const command = { kind: 'command', route: { token: 't' } } as const

test('"thinking" is taken away when a command was given up, as nothing will be said', () => {
  assert.deepEqual(acknowledgeDiscord(command, [], 'failed'), { action: 'dismiss' })
})

test('"thinking" stays for what the handler says, and there is none where it answered the call', () => {
  assert.deepEqual(acknowledgeDiscord(command, [], 'handled'), { action: 'dismiss' })
  assert.equal(acknowledgeDiscord(command, [{ text: 'hello' }], 'handled'), undefined)
  assert.equal(acknowledgeDiscord(command, [], 'responded'), undefined)
})
