import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { rig, until } from '../helper.ts'

/** Each costs some 30 to 100 µs; of heartbeat, sweeper, mover, looks and connections there are 14. */
const maxPerSecond = 20

/** Answers how often a second the intervals that run now wake the process. */
function countWakeUps(t: TestContext): () => number {
  const running = new Map<unknown, number>()
  const { setInterval: set, clearInterval: clear } = globalThis
  t.mock.method(globalThis, 'setInterval', (task: () => void, ms: number) => {
    const timer = set(task, ms)
    running.set(timer, ms)
    return timer
  })
  t.mock.method(globalThis, 'clearInterval', (timer: NodeJS.Timeout) => {
    running.delete(timer)
    clear(timer)
  })
  return () => [...running.values()].reduce((sum, ms) => sum + 1000 / ms, 0)
}

test('a worker is woken often only while it works', async t => {
  const wakeUps = countWakeUps(t)
  let during = 0
  const { start, deliver, api } = await rig(t, {
    echo: {
      onMessage(ctx) {
        during = wakeUps()
        ctx.reply(ctx.text)
      },
    },
  })
  await start()
  const idle = wakeUps()
  assert.ok(idle < maxPerSecond, `${idle} times a second`)

  await deliver(1, 'hello')
  await until(() => api.calls.length === 1)

  assert.ok(during >= idle + 10, 'time-outs are watched while a handler runs')
  await until(() => wakeUps() < maxPerSecond)
})
