import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { loadBots } from '../../src/handlers/load-bots.ts'
import { createTaskMetrics } from '../../src/tasks/task-metrics.ts'
import { createTaskPool } from '../../src/tasks/task-pool.ts'
import { rig, until } from '../helper.ts'
import { createGate, playTask } from './task-rig.ts'

test("a bot's task runs in a thread, from a folder without node_modules, in TypeScript, and is no bot", async t => {
  const folder = await mkdtemp(join(tmpdir(), 'bots-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(
    join(folder, 'shout.ts'),
    `import { defineBot, defineTask } from '@botyard/bot-kit'
    import type { shout } from './shout.task.ts'
    const loud = defineTask<typeof shout>(new URL('./shout.task.ts', import.meta.url))
    export default defineBot({ onMessage: async ctx => ctx.reply(await ctx.run(loud, ctx.text)) })`,
  )
  await writeFile(
    join(folder, 'shout.task.ts'),
    `import { isMainThread } from 'node:worker_threads'
    import { handOver } from '@botyard/bot-kit'
    export function shout(text: string): string {
      return isMainThread ? 'not in a thread' : text.toUpperCase() + typeof handOver
    }
    export default shout`,
  )
  const handlers = await loadBots(folder)
  const { start, deliver, api } = await rig(t, { shout: {} })
  await start({ handlers })

  await deliver(7, 'hello ')
  await until(() => api.sent.length === 1)

  assert.deepEqual([...handlers.keys()], ['shout'])
  assert.deepEqual(api.textsOf(7), ['HELLO function'])
})

test('an update that finds the queue full is tried again, however often: no try counts and onError is not asked', async t => {
  const { start, deliver, api, letters } = await rig(t, {
    bot: {
      settings: { tries: 1 },
      onMessage: async ctx => {
        const value = ctx.text === 'hold' ? gate.input : ({ do: 'echo', value: ctx.text } as const)
        ctx.reply(`${await ctx.run(playTask, value)}`)
      },
      onError: (_error, ctx) => ctx.reply('sorry'),
    },
  })
  const gate = createGate()
  const metrics = createTaskMetrics(new Registry(), 1)
  let refused = 0
  const pool = createTaskPool({
    ...{ threads: 1, queue: 1, timeoutMs: 60_000, memoryMb: 64, logger: pino({ level: 'silent' }) },
    metrics: { ...metrics, ended: (_task, outcome) => void (outcome === 'refused' && refused++) },
  })
  t.after(() => pool.close())
  await start({ tasks: pool })

  await deliver(1, 'hold')
  await gate.begun()
  for (const chat of [2, 3, 4]) await deliver(chat, 'hello')
  await until(() => refused >= 4)
  gate.open()
  await until(() => api.sent.length === 4)

  assert.deepEqual(api.sent.map(({ text }) => text).sort(), ['hello', 'hello', 'hello', 'through'])
  assert.deepEqual(letters, [])
})

test('a task that takes its thread down counts as a failed try of its update, and the worker goes on', async t => {
  const { start, deliver, api, letters } = await rig(t, {
    bot: {
      settings: { tries: 1 },
      onMessage: async ctx => {
        if (ctx.text === 'bad') await ctx.run(playTask, { do: 'exit' })
        ctx.reply(ctx.text)
      },
    },
  })
  await start()

  await deliver(1, 'bad')
  await deliver(2, 'good')
  await until(() => api.sent.length === 1 && letters.length === 1)

  assert.deepEqual(api.textsOf(2), ['good'])
  assert.equal(letters[0]?.reason, 'WRK_HANDLER_FAILED')
})

test('a worker that closes ends a task that would not, and its update is handed on', async t => {
  const gate = createGate()
  const { start, deliver, waiting } = await rig(t, {
    bot: { onMessage: async ctx => ctx.reply(`${await ctx.run(playTask, gate.input)}`) },
  })
  const worker = await start()

  await deliver(1, 'hello')
  await gate.begun()
  await worker.close()

  assert.equal(await waiting('inbox', 1), 1)
})
