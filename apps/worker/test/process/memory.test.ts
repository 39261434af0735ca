import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { rig, until } from '../helper.ts'

test('while memory is short a worker takes nothing new, and what it has in hand ends', async t => {
  let memory = 0
  const lines: string[] = []
  const logger = pino({}, { write: line => void lines.push(line) })
  const gate = Promise.withResolvers<void>()
  const { api, deliver, start, waiting } = await rig(t, {
    echo: {
      async onMessage(ctx) {
        if (ctx.text === 'in hand') await gate.promise
        ctx.reply(ctx.text)
      },
    },
  })
  const worker = await start({ logger }, { readLoad: () => ({ delay: 0, memory }) })
  await deliver(1, 'in hand')
  await until(() => worker.holding === 1)

  memory = 1.02
  await until(() => lines.some(line => line.includes('under pressure')))
  await deliver(2, 'that waits')
  gate.resolve()
  await until(() => api.sent.length === 1)
  const waits = await waiting('inbox', 2)
  memory = 0.9
  await until(() => worker.holding === 0)
  const stillWaits = await waiting('inbox', 2)
  memory = 0.5
  await until(() => api.sent.length === 2)

  assert.deepEqual([waits, stillWaits], [1, 1])
  assert.deepEqual(
    api.sent.map(({ text }) => text),
    ['in hand', 'that waits'],
  )
})
