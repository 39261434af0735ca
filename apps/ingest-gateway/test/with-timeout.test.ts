import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { withTimeout } from '../src/with-timeout.ts'

const never = new Promise<never>(() => {})

test('what settles in time is passed on, what does not is late, whatever else began in the same turn', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { promise: slow, resolve } = Promise.withResolvers<string>()
  const answers = [
    withTimeout(1000, Promise.resolve('at once'), 'late'),
    withTimeout(1000, never, 'late'),
    withTimeout(1000, slow, 'late'),
    withTimeout(2000, never, 'later'),
  ]
  const failure = withTimeout(1000, Promise.reject(new Error('failed')), 'late')
  await assert.rejects(failure, /failed/)

  t.mock.timers.tick(999)
  resolve('just in time')
  await turn()
  t.mock.timers.tick(1)

  assert.deepEqual(await Promise.all(answers.slice(0, 3)), ['at once', 'late', 'just in time'])
  t.mock.timers.tick(1000)
  assert.equal(await answers[3], 'later')
})

test('a call that begins after others of its turn have all settled has its full time', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  await withTimeout(1000, Promise.resolve('first'), 'late')
  const second = withTimeout(1000, never, 'late')

  t.mock.timers.tick(1000)

  assert.equal(await second, 'late')
})
