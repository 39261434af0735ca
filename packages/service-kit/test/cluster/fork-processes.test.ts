import assert from 'node:assert/strict'
import test from 'node:test'
import { until } from '@botyard/testkit'
import { startClustered } from './start-clustered.ts'

test('several processes answer on one port, and one /ready answers for all', async t => {
  const app = await startClustered(t, 3)

  const pids = await app.pids(3)

  assert.ok(!pids.has(app.primary.pid), 'the primary takes no calls')
  assert.deepEqual(await app.ready(), { status: 200, checks: { processes: true, listening: true } })
})

test('a process that is killed is started again, and the others go on', async t => {
  const app = await startClustered(t, 2)
  const [victim] = await app.pids(2)

  process.kill(victim!, 'SIGKILL')
  await app.primary.waitForLine(/"signal":"SIGKILL".*another one is started/)
  const meanwhile = await app.call()
  const ready = await app.ready()

  assert.equal(typeof meanwhile, 'number')
  assert.equal(ready.status, 200)
  await until(async () => (await app.metric('botyard_processes'))['state="serving",app="clustered"'] === 2)
  assert.deepEqual(await app.metric('botyard_process_restarts_total'), { 'app="clustered"': 1 })
})

test('SIGTERM closes all of them, and the primary ends with 0', async t => {
  const app = await startClustered(t, 2)
  const pids = await app.pids(2)

  const exit = await app.primary.kill('SIGTERM')

  assert.deepEqual(exit, { code: 0, signal: null })
  for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})

test('a second signal ends all of them at once, also one that does not answer', async t => {
  const app = await startClustered(t, 2)
  const [frozen, other] = await app.pids(2)
  process.kill(frozen!, 'SIGSTOP')

  process.kill(app.primary.pid, 'SIGTERM')
  await until(() => !isAlive(other!))
  const exit = await app.primary.kill('SIGTERM')

  assert.deepEqual(exit, { code: 1, signal: null })
  await until(() => !isAlive(frozen!))
})

test('a process whose primary was killed closes by itself', async t => {
  const app = await startClustered(t, 2)
  const pids = await app.pids(2)

  await app.primary.kill('SIGKILL')

  for (const pid of pids) await until(() => !isAlive(pid))
  assert.ok(app.primary.lines.some(line => line.includes('primary gone')))
})

test('a configuration that no process can use ends the primary with its code and one line', async t => {
  const app = await startClustered(t, 3)
  await app.pids(3)
  // As after an update by which nothing starts any more.
  app.tell('misconfigured')

  for (const pid of await app.pids(3)) process.kill(pid, 'SIGKILL')
  const { code } = await app.primary.exited

  assert.equal(code, 78)
  assert.equal(app.primary.lines.filter(line => line.includes('refuses its configuration')).length, 1)
})

test('a process that ends whenever it is started is started less and less often', async t => {
  const app = await startClustered(t, 2)
  const [victim] = await app.pids(2)
  app.tell('broken')

  process.kill(victim!, 'SIGKILL')

  for (const restartInMs of [250, 500, 1_000]) await app.primary.waitForLine(`"restartInMs":${restartInMs},`)
  assert.equal(typeof (await app.call()), 'number')
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
