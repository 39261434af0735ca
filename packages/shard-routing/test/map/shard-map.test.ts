import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  assignRange,
  checkRanges,
  evenRanges,
  keySpaceEnd,
  rangesOf,
  type ShardRange,
  shardOf,
} from '../../src/map/shard-map.ts'
import { userKey } from '../../src/stores/user-key.ts'

const key = fc.bigInt({ min: 0n, max: keySpaceEnd - 1n })
const shard = fc.constantFrom('a', 'b', 'c', 'd')

/** Any valid map: cut the key space at some keys and give each piece a shard. */
const ranges = fc
  .tuple(fc.uniqueArray(key, { maxLength: 20 }), fc.array(shard, { minLength: 21, maxLength: 21 }))
  .map(([cuts, shards]): ShardRange[] => {
    const ends = [...cuts.filter(cut => cut > 0n), keySpaceEnd].sort((x, y) => (x < y ? -1 : 1))
    return ends.map((to, i) => ({ from: ends[i - 1] ?? 0n, to, shard: shards[i]! }))
  })

test('the key of a user never changes', () => {
  assert.equal(userKey({ platform: 'telegram', scope: 'shop', user: '42' }), 1208581526433043370n)
  assert.equal(userKey({ platform: 'viber', scope: 'shop', user: '01234567890A=' }), 8759667465159817255n)
  assert.equal(userKey({ platform: 'custom', scope: 'größe', user: '☃' }), 5975615467530569891n)
})

test('keys lie in the key space, and parts that would join to the same text have different ones', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (scope, user) => {
      const value = userKey({ platform: 'telegram', scope, user })
      assert.ok(value >= 0n && value < keySpaceEnd)
      if (scope !== '') {
        const shifted = { scope: scope.slice(0, -1), user: scope.slice(-1) + user }
        // Half of a surrogate pair alone is written as U+FFFD: no id of a platform has one.
        fc.pre(shifted.scope.isWellFormed() && shifted.user.isWellFormed())
        assert.notEqual(userKey({ platform: 'telegram', ...shifted }), value)
      }
    }),
  )
})

test('users spread evenly over equal ranges', () => {
  const map = { version: 1, ranges: evenRanges(['a', 'b', 'c', 'd']) }
  const users = new Map<string, number>()

  for (let i = 0; i < 20_000; i++) {
    const home = shardOf(map, userKey({ platform: 'telegram', scope: 'shop', user: String(i) }))
    users.set(home, (users.get(home) ?? 0) + 1)
  }

  for (const count of users.values())
    assert.ok(Math.abs(count - 5_000) < 300, `${count} of 20000 on one of four shards`)
})

test('the shard of a key is the one whose range holds it', () => {
  fc.assert(
    fc.property(ranges, key, (ranges, key) => {
      checkRanges(ranges)
      const expected = ranges.find(({ from, to }) => from <= key && key < to)!.shard
      assert.equal(shardOf({ version: 1, ranges }, key), expected)
    }),
  )
})

test('what is no key has no shard', () => {
  const map = { version: 1, ranges: evenRanges(['a', 'b']) }

  assert.throws(() => shardOf(map, -1n), RangeError)
  assert.throws(() => shardOf(map, keySpaceEnd), RangeError)
})

test('even ranges cover the key space for any number of shards', () => {
  for (const count of [1, 2, 3, 7, 100])
    checkRanges(evenRanges(Array.from({ length: count }, (_, i) => `s${i}`)))
})

test('ranges that miss, repeat or misorder keys are refused', () => {
  fc.assert(
    fc.property(ranges, fc.nat(), fc.constantFrom('drop', 'repeat', 'shrink', 'grow'), (ranges, at, how) => {
      const i = at % ranges.length
      const range = ranges[i]!
      const broken = {
        drop: ranges.toSpliced(i, 1),
        repeat: ranges.toSpliced(i, 0, range),
        shrink: ranges.with(i, { ...range, to: range.to - 1n }),
        grow: ranges.with(i, { ...range, to: range.to + 1n }),
      }[how]
      assert.throws(() => checkRanges(broken), { code: 'SHD_MAP_INVALID' })
    }),
  )
})

test('moving a range changes the shard of exactly its keys, and keeps the map whole', () => {
  fc.assert(
    fc.property(
      ranges,
      fc.uniqueArray(key, { minLength: 2, maxLength: 2 }),
      shard,
      key,
      (before, bounds, shard, probe) => {
        const [from, to] = bounds.sort((a, b) => (a < b ? -1 : 1)) as [bigint, bigint]
        const after = assignRange(before, { from, to, shard })

        checkRanges(after)
        for (const key of [probe, from, to - 1n, to]) {
          const expected = from <= key && key < to ? shard : shardOf({ version: 1, ranges: before }, key)
          assert.equal(shardOf({ version: 2, ranges: after }, key), expected)
        }
      },
    ),
  )
})

test('neighbours on one shard become one range again', () => {
  const even = evenRanges(['a', 'b'])
  const [moved] = rangesOf({ ranges: even }, 'b')

  const after = assignRange(even, { ...moved!, shard: 'a' })

  assert.deepEqual(after, [{ from: 0n, to: keySpaceEnd, shard: 'a' }])
})
