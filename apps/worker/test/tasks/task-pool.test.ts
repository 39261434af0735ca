import assert from 'node:assert/strict'
import { once } from 'node:events'
import { getPriority } from 'node:os'
import { test } from 'node:test'
import { defineTask, type TaskQueueFullError } from '@botyard/bot-kit'
import type slow from './slow.task.ts'
import { createGate, taskRig } from './task-rig.ts'

test('a task runs in a thread, and the next call in the same one', async t => {
  const { run, outcomes } = taskRig(t)

  const first = await run({ do: 'thread' })
  const second = await run({ do: 'thread' })

  assert.notEqual(first, 0)
  assert.equal(first, second)
  assert.equal(getPriority(), 0)
  assert.deepEqual(await outcomes(), { ok: 2 })
})

test('input and result are copied as they are: dates, maps, typed arrays, cycles', async t => {
  const { run } = taskRig(t)
  const value: Record<string, unknown> = { at: new Date(5), map: new Map([[1, new Set(['a'])]]), n: 10n }
  value.self = value

  assert.deepEqual(await run({ do: 'echo', value }), value)
})

test('what a task throws fails its call with name, message and code, and the thread goes on', async t => {
  const { run, outcomes } = taskRig(t)
  const before = await run({ do: 'thread' })

  const error = (await run({ do: 'throw' }).catch(error => error)) as Error & { code: string }

  assert.equal(error.code, 'BOT_TASK_FAILED')
  assert.equal(error.message, 'The task play failed: the kitchen is closed')
  const { name, message, code, stack } = error.cause as NodeJS.ErrnoException
  assert.deepEqual(
    { name, message, code },
    { name: 'Error', message: 'the kitchen is closed', code: 'KITCHEN_CLOSED' },
  )
  assert.match(stack!, /play\.task\.ts/)
  assert.equal(await run({ do: 'thread' }), before)
  assert.deepEqual(await outcomes(), { ok: 2, failed: 1 })
})

for (const how of ['exit', 'throw later', 'fill the memory'] as const) {
  test(`a task that takes its thread down (${how}) fails its call alone`, async t => {
    const { run, outcomes } = taskRig(t, { threads: 2 })
    const gate = createGate()
    const neighbour = run(gate.input)
    await gate.begun()

    await assert.rejects(run({ do: how }), { code: 'BOT_TASK_CRASHED' })

    const after = await run({ do: 'echo', value: 'alive' })
    gate.open()
    assert.equal(after, 'alive')
    assert.equal(await neighbour, 'through')
    assert.deepEqual(await outcomes(), { ok: 2, crashed: 1 })
  })
}

test('a task that never ends is ended after its time, and its thread is replaced', async t => {
  const { run, outcomes } = taskRig(t)
  await run({ do: 'thread' })

  await assert.rejects(run({ do: 'spin', ms: Number.POSITIVE_INFINITY }, { timeoutMs: 50 }), {
    code: 'BOT_TASK_TIMEOUT',
    message: /50 ms/,
  })

  assert.equal(await run({ do: 'echo', value: 'alive' }), 'alive')
  assert.deepEqual(await outcomes(), { ok: 2, timed_out: 1 })
})

test('time in the queue does not count as time of the task', async t => {
  const { run } = taskRig(t)
  await run({ do: 'thread' })
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const gate = createGate()
  const first = run(gate.input, { timeoutMs: 60_000 })
  await gate.begun()
  const second = run({ do: 'echo', value: 1 }, { timeoutMs: 1_000 })

  t.mock.timers.tick(30_000)
  gate.open()

  assert.deepEqual(await Promise.all([first, second]), ['through', 1])
})

test('the loading of a module does not count as time of the task, and has an end', async t => {
  const { pool } = taskRig(t)
  const channel = new BroadcastChannel('slow')
  t.after(() => channel.close())
  const slowTask = defineTask<typeof slow>(new URL('./slow.task.ts', import.meta.url))
  const load = async () => {
    const loading = once(channel, 'message')
    const result = pool.of('b')(slowTask, undefined, {
      timeoutMs: 1_000,
      signal: new AbortController().signal,
    })
    await loading
    return { result }
  }
  t.mock.timers.enable({ apis: ['setTimeout'] })

  const never = await load()
  t.mock.timers.tick(60_000)
  await assert.rejects(never.result, { code: 'BOT_TASK_TIMEOUT', message: /did not begin within 60000 ms/ })

  const late = await load()
  t.mock.timers.tick(59_000)
  channel.postMessage('go on')
  assert.equal(await late.result, 'loaded')
})

test('an abort ends a running task at once, with the reason of the signal', async t => {
  const { run, outcomes } = taskRig(t)
  const gate = createGate()
  const stop = new AbortController()
  const running = run(gate.input, { signal: stop.signal })
  await gate.begun()

  stop.abort(new Error('enough'))

  await assert.rejects(running, { message: 'enough' })
  assert.equal(await run({ do: 'echo', value: 'alive' }), 'alive')
  assert.deepEqual(await outcomes(), { ok: 1, aborted: 1 })
})

test('an abort takes a waiting call out of the queue, and one before the call never enters it', async t => {
  const { run, gauge } = taskRig(t)
  const gate = createGate()
  const running = run(gate.input)
  await gate.begun()
  const stop = new AbortController()
  const waiting = run({ do: 'thread' }, { signal: stop.signal })
  assert.equal(await gauge('botyard_tasks_waiting'), 1)

  stop.abort(new Error('enough'))

  await assert.rejects(waiting, { message: 'enough' })
  await assert.rejects(run({ do: 'thread' }, { signal: stop.signal }), { message: 'enough' })
  assert.equal(await gauge('botyard_tasks_waiting'), 0)
  assert.equal(await gauge('botyard_task_threads_in_use'), 1)
  gate.open()
  await running
  assert.equal(await gauge('botyard_task_threads_in_use'), 0)
})

test('what waits goes on when an abort, a crash or a time-out has ended its only thread', async t => {
  const { run } = taskRig(t)
  const stop = new AbortController()
  const gate = createGate()
  const ended = [
    run(gate.input, { signal: stop.signal }),
    run({ do: 'exit' }),
    run({ do: 'spin', ms: Number.POSITIVE_INFINITY }, { timeoutMs: 20 }),
  ].map(call => call.catch(error => error.code ?? error.message))
  const last = run({ do: 'echo', value: 'alive' })
  await gate.begun()

  stop.abort(new Error('enough'))

  assert.equal(await last, 'alive')
  assert.deepEqual(await Promise.all(ended), ['enough', 'BOT_TASK_CRASHED', 'BOT_TASK_TIMEOUT'])
})

test('a full queue refuses at once and says when to come again; another bot still has its share', async t => {
  const { run, outcomes } = taskRig(t, { queue: 2 })
  const gate = createGate()
  const running = run(gate.input)
  await gate.begun()
  const waiting = [run({ do: 'thread' }), run({ do: 'thread' })]

  const error = (await run({ do: 'thread' }).catch(error => error)) as TaskQueueFullError
  const other = run({ do: 'echo', value: 'fair' }, { bot: 'other' })

  assert.equal(error.code, 'BOT_TASK_QUEUE_FULL')
  assert.ok(error.afterMs >= 160 && error.afterMs <= 6_000)
  gate.open()
  assert.equal(await other, 'fair')
  await Promise.all([running, ...waiting])
  assert.deepEqual(await outcomes(), { ok: 4, refused: 1 })
})

test('a transferred buffer is moved: nothing is left of it on this side, and none of a result on the other', async t => {
  const { run } = taskRig(t)
  const send = (bytes: Uint8Array<ArrayBuffer>) =>
    run({ do: 'hand over', bytes }, { transfer: [bytes.buffer] })
  const first = new Uint8Array(1_000).fill(7)
  const second = new Uint8Array(2_000)

  const came = await send(first)
  const next = await send(second)

  assert.equal(first.byteLength, 0)
  assert.deepEqual(came, { before: undefined, bytes: new Uint8Array(1_000).fill(7) })
  assert.deepEqual(next, { before: 0, bytes: new Uint8Array(2_000) })
})

test('what cannot be copied fails the call, and the pool goes on', async t => {
  const { run } = taskRig(t)

  await assert.rejects(run({ do: 'echo', value: () => 1 }), {
    code: 'BOT_TASK_FAILED',
    message: /cannot cross/,
  })
  await assert.rejects(run({ do: 'return a function' }), { code: 'BOT_TASK_FAILED', message: /cannot cross/ })

  assert.equal(await run({ do: 'echo', value: 'alive' }), 'alive')
})

test('a pool that closes ends what runs and what waits, and takes nothing more', async t => {
  const { pool, run } = taskRig(t)
  const gate = createGate()
  const calls = [run(gate.input), run({ do: 'thread' })].map(call => call.catch(error => error.code))
  await gate.begun()

  await pool.close()

  assert.deepEqual(await Promise.all(calls), ['MBX_SHUTDOWN', 'MBX_SHUTDOWN'])
  await assert.rejects(run({ do: 'thread' }), { code: 'MBX_SHUTDOWN' })
})
