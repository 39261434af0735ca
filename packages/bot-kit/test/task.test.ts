import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buffersOf, defineTask, handOver, type RunTask, TaskQueueFullError } from '../src/index.ts'
import { run, textsOf } from './run.ts'

const task = defineTask<(n: number) => number>(new URL(import.meta.url))

/** A runner that records its calls, and answers twice the input. */
function recorder() {
  const calls: { input: unknown; signal: AbortSignal }[] = []
  const runTask = async (_task: unknown, input: unknown, { signal }: { signal: AbortSignal }) => {
    calls.push({ input, signal })
    return (input as number) * 2
  }
  return { calls, runTask: runTask as RunTask }
}

test('a task is named after its file, and must be one', () => {
  assert.equal(task.name, 'task.test')
  assert.equal(defineTask(new URL('../src/task.ts', import.meta.url)).name, 'task')
  assert.throws(() => defineTask(new URL('./nowhere.task.ts', import.meta.url)), {
    code: 'BOT_DEFINITION',
    message: /no file .*nowhere\.task\.ts/,
  })
  assert.throws(() => defineTask('./score.task.ts' as unknown as URL), { code: 'BOT_DEFINITION' })
  assert.throws(() => defineTask(new URL('https://example.com/score.task.ts')), { code: 'BOT_DEFINITION' })
})

test("a handler gets the task's result, and either signal ends the task", async () => {
  const { calls, runTask } = recorder()
  const worker = new AbortController()
  const own = new AbortController()

  const outcome = await run(
    {
      onMessage: async ctx => {
        ctx.reply(`${await ctx.run(task, 21)}`)
        await ctx.run(task, 1, { signal: own.signal })
        await ctx.run(task, 2, { signal: own.signal })
      },
    },
    {},
    { runTask, signal: worker.signal },
  )

  assert.deepEqual(textsOf(outcome), ['42'])
  const aborted = () => calls.map(({ signal }) => signal.aborted)
  own.abort()
  assert.deepEqual(aborted(), [false, true, true])
  worker.abort()
  assert.deepEqual(aborted(), [true, true, true])
})

test('a full queue goes past onError: nothing has failed', async () => {
  const full = new TaskQueueFullError(300)
  const asked: unknown[] = []

  const running = run(
    { onMessage: ctx => ctx.run(task, 1), onError: error => asked.push(error) },
    {},
    { runTask: () => Promise.reject(full) },
  )

  await assert.rejects(running, full)
  assert.deepEqual(asked, [])
})

test('a task that nobody awaits neither breaks the process nor begins after the handler has ended', async () => {
  let late: (() => Promise<number>) | undefined
  const { calls, runTask } = recorder()

  await run(
    {
      onMessage: ctx => {
        void ctx.run(task, 1)
        late = () => ctx.run(task, 2)
      },
    },
    {},
    { runTask: (...all) => runTask(...all).then(() => Promise.reject(new Error('of nobody'))) },
  )

  await assert.rejects(late!(), { code: 'BOT_TASK_FAILED', message: /has ended/ })
  assert.equal(calls.length, 1)
})

test('what a task hands over is remembered with its result', () => {
  const bytes = new Uint8Array(8)

  assert.equal(handOver(bytes, [bytes.buffer]), bytes)
  assert.deepEqual(buffersOf(bytes), [bytes.buffer])
  for (const other of [new Uint8Array(8), undefined, null, 5]) assert.deepEqual(buffersOf(other), [])
})
