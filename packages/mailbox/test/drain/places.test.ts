import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turnEnd } from 'node:timers/promises'
import { Places } from '../../src/drain/places.ts'

test('one place of twenty is kept for bots that hold none, the only place is not', () => {
  assert.equal(new Places(20).kept, 1)
  assert.equal(new Places(21).kept, 2)
  assert.equal(new Places(2).kept, 1)
  assert.equal(new Places(1).kept, 0)
})

test('a bot that holds a place takes none of the kept ones, another bot does', () => {
  const places = new Places(3)
  for (let n = 0; n < 2; n++) {
    assert.equal(places.takeFor('busy'), true)
    places.begin('busy')
  }

  assert.equal(places.takeFor('busy'), false)
  assert.equal(places.busyBots, ' busy')
  assert.equal(places.takeFor('other'), true)
  assert.equal(places.takeFor('third'), false)
  for (let n = 0; n < 2; n++) places.end('busy')
  assert.equal(places.busyBots, '')
  assert.equal(places.takeFor('busy'), true)
})

test('who waits for a place goes on with a kept one, who waits for room does not', async () => {
  const places = new Places(3)
  places.take(3)
  const wentOn: string[] = []
  void places.whenFree().then(() => wentOn.push('free'))
  void places.whenRoom().then(() => wentOn.push('room'))

  places.give(1)
  await turnEnd()
  assert.deepEqual(wentOn, ['free'])
  places.give(1)
  await turnEnd()
  assert.deepEqual(wentOn, ['free', 'room'])
})

test('whoever has places to fill is told when one is free, and never after the close', async () => {
  const places = new Places(2)
  let told = 0
  places.onFree(() => told++)
  places.take(2)
  let wentOn = false
  void places.whenRoom().then(() => {
    wentOn = true
  })

  places.give(1)
  assert.equal(told, 1)
  places.close()
  places.give(1)
  await turnEnd()

  assert.deepEqual([told, wentOn, places.free], [1, true, 0])
  assert.equal(places.takeFor('bot'), false)
})
