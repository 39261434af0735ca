import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turnEnd } from 'node:timers/promises'
import { createGather } from '../src/gather.ts'

test('calls of one turn go on together at its end, and those of the next turn are another group', async () => {
  const gather = createGather(10)
  const [first, second] = [gather(), gather()]

  assert.equal(first, second)
  assert.equal(await stateOf(first), 'waits')
  await turnEnd()
  assert.equal(await stateOf(first), 'goes on')
  assert.notEqual(gather(), first)
})

test('as many as go abreast do not wait for the end of the turn', async () => {
  const gather = createGather(3)
  const calls = [gather(), gather(), gather(), gather()]

  assert.equal(await stateOf(calls[2]!), 'goes on')
  assert.equal(await stateOf(calls[3]!), 'waits')
  await turnEnd()
  assert.equal(await stateOf(calls[3]!), 'goes on')
})

/** Looks without letting the turn end. */
function stateOf(ready: Promise<void>): Promise<'waits' | 'goes on'> {
  return Promise.race([ready.then(() => 'goes on' as const), Promise.resolve().then(() => 'waits' as const)])
}
