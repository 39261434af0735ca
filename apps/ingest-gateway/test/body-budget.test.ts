import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type BodyRoom, createBodyBudget } from '../src/limits/body-budget.ts'

const kib = 1024
const limits = { maxBytes: 600 * kib, maxBytesPerAddress: 300 * kib, maxCallsPerAddress: 3 }

/** The room, which there must be. */
function taken(room: BodyRoom | string): BodyRoom {
  assert.ok(typeof room === 'object', String(room))
  return room
}

test('an address gets its share, and again what it gives back', () => {
  const budget = createBodyBudget(limits)
  const room = taken(budget.take('a', 300 * kib))

  const refused = budget.take('a', 1)
  const another = taken(budget.take('b', 1))
  room.release()
  room.release()

  assert.equal(refused, 'address')
  taken(budget.take('a', 300 * kib))
  another.release()
  assert.equal(budget.bytes, 300 * kib, 'what is given back twice counts once')
})

test('an address has so many calls under way, however small', () => {
  const budget = createBodyBudget(limits)
  const rooms = [1, 2, 3].map(() => taken(budget.take('a', 0)))

  assert.equal(budget.take('a', 0), 'address')
  rooms[0]!.release()
  taken(budget.take('a', 0))
})

test('large bodies of many addresses leave room for small ones', () => {
  const budget = createBodyBudget(limits)
  for (const address of ['a', 'b', 'c', 'd']) taken(budget.take(address, 100 * kib))

  assert.equal(budget.take('e', 100 * kib), 'process')
  for (const address of ['e', 'f', 'g']) taken(budget.take(address, 60 * kib))
})

test('a body that can never get room is known to be too large', () => {
  assert.equal(createBodyBudget(limits).maxBytesOfOne, 300 * kib)
  assert.equal(createBodyBudget({ ...limits, maxBytesPerAddress: 900 * kib }).maxBytesOfOne, 400 * kib)
})

test('a body that comes in chunks takes room as it grows, and none beyond its share', () => {
  const budget = createBodyBudget(limits)
  const room = taken(budget.take('a', 0))

  const grown = [room.grow(60 * kib), room.grow(240 * kib), room.grow(1)]

  assert.deepEqual(grown, [true, true, false])
  assert.equal(budget.bytes, 300 * kib)
  room.release()
  assert.equal(budget.bytes, 0)
})

test('whatever comes and goes, the sum stays within the limits and ends at nothing', () => {
  const call = fc.record({
    address: fc.constantFrom('a', 'b', 'c'),
    bytes: fc.nat(400 * kib),
    grows: fc.array(fc.nat(100 * kib), { maxLength: 3 }),
    stays: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(call, { maxLength: 30 }), calls => {
      const budget = createBodyBudget(limits)
      const rooms: BodyRoom[] = []
      for (const { address, bytes, grows, stays } of calls) {
        const room = budget.take(address, bytes)
        if (typeof room === 'string') continue
        for (const more of grows) room.grow(more)
        assert.ok(budget.bytes <= limits.maxBytes)
        if (stays) rooms.push(room)
        else room.release()
      }
      for (const room of rooms) room.release()

      assert.equal(budget.bytes, 0)
      taken(budget.take('a', limits.maxBytesPerAddress)).release()
    }),
  )
})
