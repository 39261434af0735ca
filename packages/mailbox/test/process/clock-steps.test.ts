import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatch, createSettableClock, needsTools, startRedis, until } from '@botyard/testkit'
import { rig, update } from '../rig.ts'

const stepSeconds = 60

for (const [direction, sign] of [
  ['ahead', 1],
  ['back', -1],
] as const) {
  test(
    `a clock of Redis that is set ${direction} by a minute takes nothing from workers that live, and strands nothing`,
    needsTools('cc'),
    async t => {
      const clock = await createSettableClock()
      const server = await startRedis({ env: clock.env })
      const { redis, worker, writer, check } = await rig(t, { own: server })
      // After what the rig closes.
      t.after(async () => {
        await server.stop()
        await clock.remove()
      })
      const nowMs = async () => Number((await redis.time())[0]) * 1_000
      const done = createLatch()
      const begun: string[] = []
      let aborted = 0
      const start = () =>
        worker(
          async (mail, signal) => {
            begun.push(mail.conversation)
            signal.addEventListener('abort', () => aborted++)
            await done.wait()
            return { do: 'ack' }
          },
          { sweep: true, ttlMs: 2_000 },
        )
      const workers = [await start(), await start()]
      for (let n = 0; n < 20; n++) await writer.deliver(update(`bot/${n}`, 1))
      await until(() => begun.length === 20)

      const before = await nowMs()
      await clock.set(sign * stepSeconds)
      await until(async () => Math.abs((await nowMs()) - before) > (stepSeconds * 1_000) / 2)
      // Each beats when it is time, and looks all the while for what the dead left behind.
      for (let beat = 0; beat < 3; beat++)
        await Promise.all(workers.map(({ heartbeat }) => untilBeaten(heartbeat)))

      assert.equal(aborted, 0)
      assert.equal(begun.length, 20)
      done.open()
      for (let n = 20; n < 40; n++) await writer.deliver(update(`bot/${n}`, 1))
      await until(() => begun.length === 40)
      await until(async () => (await redis.keys('{p0}:mb:inbox:m:*')).length === 0)
      assert.equal(new Set(begun).size, 40)
      await check()
    },
  )
}

test('a lock does not outlive its time because the clock was set back', needsTools('cc'), async t => {
  const clock = await createSettableClock()
  const server = await startRedis({ env: clock.env })
  const { redis } = await rig(t, { own: server })
  t.after(async () => {
    await server.stop()
    await clock.remove()
  })
  const lock = (process: string) => redis.mailboxLock('{p0}', 'job', process, 10_000)

  assert.deepEqual([await lock('p1'), await lock('p2')], [1, 0])
  await clock.set(-stepSeconds)
  assert.deepEqual([await lock('p2'), await lock('p1')], [1, 0])
})

async function untilBeaten(heartbeat: { readonly ageMs: number }): Promise<void> {
  let ageMs = heartbeat.ageMs
  await until(() => {
    const isYounger = heartbeat.ageMs < ageMs
    ageMs = heartbeat.ageMs
    return isYounger
  })
}
