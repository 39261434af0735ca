import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turnEnd } from 'node:timers/promises'
import { Slots } from '../src/slots.ts'

const aMinute = 60_000

test('who waits for places gets all of them once they are free, first come, first served', async () => {
  const slots = new Slots(4)
  assert.equal(await slots.takeSoon(3, aMinute, aMinute), 3)
  const second = slots.takeSoon(2, aMinute, aMinute)
  const third = slots.takeSoon(1, aMinute, aMinute)
  assert.equal(slots.free, 1)

  slots.give(1)
  assert.equal(await second, 2)
  assert.equal(slots.free, 0)
  slots.give(1)
  assert.equal(await third, 1)
})

test('who lost patience takes what is free, but nothing only in the end', async () => {
  const slots = new Slots(4)
  slots.take(3)
  assert.equal(await slots.takeSoon(4, 1, aMinute), 1)

  const none = slots.takeSoon(4, 1, aMinute)
  setTimeout(() => slots.give(1), 5)
  assert.equal(await none, 1)
  assert.equal(await slots.takeSoon(4, 1, 2), 0)
})

test('each place that is given back lets one go on who waits for any, the last one all', async () => {
  const slots = new Slots(3)
  await slots.whenFree()
  slots.take(3)
  const goneOn: string[] = []
  for (const name of ['first', 'second', 'third', 'fourth']) void slots.whenFree().then(() => goneOn.push(name))

  slots.give(1)
  await turnEnd()
  assert.deepEqual(goneOn, ['first'])
  slots.take(1)
  slots.give(1)
  await turnEnd()
  assert.deepEqual(goneOn, ['first', 'second'])
  slots.give(2)
  await turnEnd()
  assert.deepEqual(goneOn, ['first', 'second', 'third', 'fourth'])
})

test('a place that somebody takes at once lets nobody go on', async () => {
  const slots = new Slots(1)
  slots.take(1)
  let goneOn = false
  void slots.whenFree().then(() => {
    goneOn = true
  })
  const taker = slots.takeSoon(1, aMinute, aMinute)

  slots.give(1)
  assert.equal(await taker, 1)
  await turnEnd()
  assert.equal(goneOn, false)
  slots.close()
  await turnEnd()
  assert.equal(goneOn, true)
})

test('more places than there are is all of them', async () => {
  assert.equal(await new Slots(4).takeSoon(64, aMinute, aMinute), 4)
})

test('closing lets everybody go on with nothing', async () => {
  const slots = new Slots(1)
  slots.take(1)
  const waiting = slots.takeSoon(1, aMinute, aMinute)

  slots.close()
  assert.equal(await waiting, 0)
  slots.give(1)
  assert.equal(await slots.takeSoon(1, aMinute, aMinute), 0)
  assert.equal(slots.take(1), 0)
})
