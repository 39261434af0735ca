import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeliveryQueue } from '../../src/deliver/delivery-queue.ts'
import { update } from '../rig.ts'

test('a store that takes less than comes stores only what waited no longer than it may', async () => {
  let nowMs = 0
  const queue = new DeliveryQueue(900, () => nowMs)
  const arrivedAt = new Map<string, number>()
  let longest = 0
  let refused = 0
  let late = 0
  let taken = 0
  // 2,700 a second come, and 512 are taken each quarter of a second, for half a minute.
  for (let n = 0; nowMs < 30_000; nowMs += 10) {
    for (let i = 0; i < 27; i++, n++) {
      const delivery = update('bot/c', n)
      arrivedAt.set(delivery.update.toString('hex'), nowMs)
      queue.add(delivery).catch(() => refused++)
    }
    longest = Math.max(longest, queue.length)
    if (nowMs % 250 !== 0) continue
    for (const { delivery } of [...queue.takeBatch(), ...queue.takeBatch()]) {
      taken++
      if (nowMs - arrivedAt.get(delivery.update.toString('hex'))! > 900) late++
    }
  }
  await Promise.resolve()

  assert.equal(late, 0)
  assert.equal(taken, 119 * 512 + 27)
  assert.ok(longest <= 2_700 * 0.92, `${longest} waited`)
  assert.equal(refused + taken + queue.length, 30 * 2_700)
})

test('what waits too long is refused even while nothing is taken', async () => {
  let nowMs = 0
  const queue = new DeliveryQueue(900, () => nowMs)
  const first = queue.add(update('bot/c', 1))
  nowMs = 500
  void queue.add(update('bot/c', 2))
  nowMs = 901
  void queue.add(update('bot/c', 3))

  await assert.rejects(first, { code: 'MBX_UNAVAILABLE' })
  assert.deepEqual(
    queue.takeBatch().map(({ sinceMs }) => sinceMs),
    [500, 901],
  )
})
