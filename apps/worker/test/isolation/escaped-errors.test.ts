import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../helper.ts'
import { isolationRig, logged } from './isolation-rig.ts'

const escaped = 'an error escaped the handler'
const late = 'an error of a bot came after its handler had ended'

test('an error that escapes a handler fails its own update, try by try, and ends no process', async t => {
  const texts = ['reject and return', 'reject and wait', 'throw in a timer']
  const rig = await isolationRig(t, { reckless: { tries: 2 }, echo: {} })
  const { deliver, deadLetters, api, startWorker, conversation } = rig
  const worker = await startWorker()
  const letters = () => deadLetters.list({ limit: 10 })

  for (const [chat, text] of texts.entries()) await deliver(chat, text, { bot: 'reckless' })
  await until(async () => (await letters()).length === texts.length)
  await deliver(9, 'hello', { bot: 'echo' })
  await until(() => api.sent.length > 0)

  for (const { reason, tries } of await letters())
    assert.deepEqual([reason, tries], ['WRK_HANDLER_FAILED', 2])
  for (const chat of texts.keys()) {
    const lines = logged(worker.lines, escaped).filter(
      line => line.conversation === conversation(chat, 'reckless'),
    )
    assert.equal(lines.length, 2)
    assert.deepEqual([lines[0]!.bot, lines[0]!.handler], ['reckless', 'reckless'])
    assert.equal(typeof lines[0]!.update, 'string')
  }
  assert.deepEqual(api.textsOf(9), ['hello'])
  assert.equal(api.sent.length, 1)
  assert.equal(worker.deaths, 0)
  assert.match(await worker.metrics(), /^botyard_escaped_errors_total\{.*outcome="charged".*\} 6$/m)
})

test('an error that comes after its handler has ended is logged with bot, handler and update, and nothing else', async t => {
  const { deliver, deadLetters, api, startWorker, conversation } = await isolationRig(t)
  const worker = await startWorker()

  await deliver(1, 'reject later', { bot: 'reckless' })
  await until(() => logged(worker.lines, late).length === 1)
  await deliver(2, 'hello', { bot: 'reckless' })
  await until(() => api.textsOf(2).includes('hello'))

  const [line] = logged(worker.lines, late)
  assert.deepEqual(
    [line!.bot, line!.handler, line!.conversation],
    ['reckless', 'reckless', conversation(1, 'reckless')],
  )
  assert.equal(typeof line!.update, 'string')
  assert.ok(!JSON.stringify(line).includes('nobody awaits me'))
  assert.deepEqual(api.textsOf(1), ['reject later'])
  assert.equal(worker.deaths, 0)
  assert.equal((await deadLetters.list({ limit: 10 })).length, 0)
  assert.match(await worker.metrics(), /^botyard_escaped_errors_total\{.*outcome="late".*\} 1$/m)
})

test('an error that belongs to no update ends the process at once, as a crash', async t => {
  const { redis, startWorker } = await isolationRig(t)
  const ofNobody = `process.on('SIGWINCH', () => void Promise.reject(new Error('of nobody')))`
  const worker = await startWorker({}, ['--import', `data:text/javascript,${ofNobody}`])
  const [first] = worker.processes

  process.kill(first!.pid, 'SIGWINCH')
  const { code, signal } = await first!.exited

  assert.deepEqual([code, signal], [1, null])
  assert.equal(logged(first!.lines, 'uncaught error of no update').length, 1)
  assert.equal(logged(first!.lines, '"msg":"closing"').length, 0)
  assert.ok((await redis.keys('{p0}:hb:*')).length > 0, 'its heartbeat was not withdrawn')
})
