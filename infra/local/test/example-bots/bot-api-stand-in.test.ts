import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startBotApiStandIn } from '../../src/example-bots/bot-api-stand-in.ts'

test('the stand-in says who a bot is, so that example bots are identified at their first start', async t => {
  const botApi = await startBotApiStandIn(() => undefined)
  t.after(() => botApi.close())

  const answer = await fetch(`${botApi.url}/bot1:a/getMe`, { method: 'POST' })

  const { ok, result } = (await answer.json()) as { ok: boolean; result: { id: number; username: string } }
  assert.deepEqual([ok, result.id, result.username], [true, 1, 'example_bot'])
})
