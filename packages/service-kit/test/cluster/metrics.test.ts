import assert from 'node:assert/strict'
import test from 'node:test'
import { startClustered } from './start-clustered.ts'

const label = 'app="clustered"'

test('counters and own gauges are summed, what all tell of the whole system is not', async t => {
  const app = await startClustered(t, 3)
  await app.pids(3)
  const calls = 20
  const before = (await app.metric('calls_total'))[label]!

  for (let i = 0; i < calls; i++) await app.call()

  assert.equal((await app.metric('calls_total'))[label], before + calls)
  assert.equal((await app.metric('own_part'))[label], 9)
  assert.equal((await app.metric('whole_system'))[label], 7)
  const quantiles = Object.values(await app.metric('botyard_event_loop_delay_seconds'))
  assert.equal(quantiles.length, 3)
})

test('a counter never falls, whether processes are renewed or killed', async t => {
  const app = await startClustered(t, 2)
  await app.pids(2)
  const before = (await app.metric('calls_total'))[label]!
  for (let i = 0; i < 50; i++) await app.call()
  const counted = (await app.metric('calls_total'))[label]!

  process.kill(app.primary.pid, 'SIGHUP')
  await app.primary.waitForLine('"msg":"reloaded"')
  const reloaded = (await app.metric('calls_total'))[label]!
  const [victim] = await app.pids(2)
  const called = (await app.metric('calls_total'))[label]!
  process.kill(victim!, 'SIGKILL')
  await app.primary.waitForLine('another one is started')

  assert.equal(counted, before + 50)
  assert.equal(reloaded, counted)
  assert.ok((await app.metric('calls_total'))[label]! >= called)
})
