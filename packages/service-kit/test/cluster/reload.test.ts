import assert from 'node:assert/strict'
import test from 'node:test'
import { type Clustered, startClustered } from './start-clustered.ts'

/** Calls one after the other until told to stop; what was answered, by its kind. */
function callOnAndOn(app: Clustered) {
  let isOver = false
  const failures: string[] = []
  const callers = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      const answer = await app.call()
      if (typeof answer === 'string') failures.push(answer)
    }
  })
  return {
    async stop() {
      isOver = true
      await Promise.all(callers)
      return failures
    },
  }
}

test('SIGHUP renews the processes one by one, and no call fails', async t => {
  const app = await startClustered(t, 2)
  const before = await app.pids(2)
  const calls = callOnAndOn(app)

  process.kill(app.primary.pid, 'SIGHUP')
  await app.primary.waitForLine('"msg":"reloaded"')
  const failures = await calls.stop()

  assert.deepEqual(failures, [])
  const after = await app.pids(2)
  assert.equal([...after].filter(pid => before.has(pid)).length, 0)
})

test('a new process that does not become ready takes nobody’s place', async t => {
  const app = await startClustered(t, 2)
  const before = await app.pids(2)
  app.tell('misconfigured')

  process.kill(app.primary.pid, 'SIGHUP')
  await app.primary.waitForLine('reload given up')

  assert.deepEqual([...(await app.pids(2))].sort(), [...before].sort())
  assert.equal((await app.ready()).status, 200)
})

test('a SIGHUP that comes during a reload is not forgotten', async t => {
  const app = await startClustered(t, 1 + 1)
  await app.pids(2)

  process.kill(app.primary.pid, 'SIGHUP')
  await app.primary.waitForLine('"msg":"reloading"')
  process.kill(app.primary.pid, 'SIGHUP')
  await app.primary.waitForLine('"msg":"reloaded"')
  const from = app.primary.lines.findIndex(line => line.includes('"msg":"reloaded"')) + 1
  await app.primary.waitForLine('"msg":"reloaded"', { from })

  assert.equal((await app.ready()).status, 200)
})
