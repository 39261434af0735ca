import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Arrival, startBotApi } from '../../src/shared/bot-api.ts'

test('the Bot API takes messages, refuses those it is told to, and says who a bot is', async t => {
  const arrivals: Arrival[] = []
  const api = await startBotApi(arrival => {
    arrivals.push(arrival)
    if (arrival.text === 'too much')
      return { status: 429, description: 'Too Many', parameters: { retry_after: 3 } }
  })
  t.after(() => api.close())
  const call = async (method: string, parameters?: object) => {
    const options = parameters && { method: 'POST', body: JSON.stringify(parameters) }
    const answer = await fetch(`${api.url}/bot7:AAA/${method}`, options)
    const body = (await answer.json()) as {
      ok: boolean
      result?: { message_id?: number; id?: number; text?: string }
    }
    return { status: answer.status, ...body }
  }

  const sent = await call('sendMessage', { chat_id: 5, text: 'café ☕' })
  const refused = await call('sendMessage', { chat_id: '-6', text: 'too much' })
  const self = await call('getMe')

  assert.deepEqual(
    arrivals.map(({ bot, chat, text }) => [bot, chat, text]),
    [
      ['7', '5', 'café ☕'],
      ['7', '-6', 'too much'],
    ],
  )
  assert.deepEqual([sent.status, sent.result?.message_id, sent.result?.text], [200, 1, 'café ☕'])
  const why = {
    status: 429,
    ok: false,
    error_code: 429,
    description: 'Too Many',
    parameters: { retry_after: 3 },
  }
  assert.deepEqual(refused, why)
  assert.equal(self.result?.id, 1_000_000_000_007)
})
