import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters, InvalidUpdateError } from '../../src/index.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const events = (count: number) => Array.from({ length: count }, () => '{}').join()
const bodies = {
  line: (count: number) => `{"events":[${events(count)}]}`,
  messenger: (count: number) => `{"entry":[{"messaging":[${events(count - 1)}]},{"standby":[{}]}]}`,
  whatsapp: (count: number) =>
    `{"entry":[{"changes":[{"value":{"messages":[${events(count - 1)}]}},{"value":{}}]}]}`,
}

for (const [platform, body] of Object.entries(bodies) as [keyof typeof bodies, (count: number) => string][]) {
  test(`${platform}: a batch of more events than any platform sends is refused, not stored for half a minute`, () => {
    const read = (count: number) => adapters[platform].normalise(webhookRequest(body(count)))

    assert.equal(read(5_000).length, 5_000)
    assert.throws(() => read(5_001), InvalidUpdateError)
  })
}

test('messenger: entries count too, with or without events', () => {
  const body = `{"entry":[${events(5_001)}]}`

  assert.throws(() => adapters.messenger.normalise(webhookRequest(body)), InvalidUpdateError)
})

test('whatsapp: what stands beside the events is not repeated beyond all memory', () => {
  const body = (beside: number) =>
    `{"entry":[{"changes":[{"value":{"beside":"${'x'.repeat(beside)}","messages":[${events(1_000)}]}}]}]}`
  const read = (beside: number) => adapters.whatsapp.normalise(webhookRequest(body(beside)))

  assert.equal(read(10_000).length, 1_000)
  assert.throws(() => read(40_000), InvalidUpdateError)
})
