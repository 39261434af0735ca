import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters } from '../../src/index.ts'
import { readFixtures } from '../conformance/fixtures.ts'
import { localServer } from '../http/local-server.ts'
import { webhookRequest } from '../http/webhook-request.ts'

test('Slack’s own example of a signature is genuine at its time', async t => {
  const { options } = await localServer(t, (_request, response) => void response.end())
  const example = readFixtures('slack').find(({ file }) => file.startsWith('synthetic-signature-vector'))!
  const headers = {
    'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    'x-slack-request-timestamp': '1531420618',
  }
  const at = (receivedAtMs: number) =>
    adapters.slack.verify(
      { ...webhookRequest(example.body, headers), receivedAtMs },
      { signingSecret: '8f742231b10e8888abcd99yyyzzz85a5' },
      options,
    )

  assert.deepEqual(at(1531420618_000), { genuine: true })
  assert.deepEqual(at(1531420618_000 + 300_001), { genuine: false, reason: 'stale' })
  // Bolt itself takes a time stamp that is ahead.
  assert.deepEqual(at(1531420618_000 - 300_001), { genuine: false, reason: 'stale' })
})
