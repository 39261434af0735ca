import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ChurnedMap } from '../../src/drain/churned-map.ts'

test('it holds what a Map holds, whatever comes and goes', () => {
  const step = fc.record({ key: fc.integer({ min: 0, max: 60 }), value: fc.option(fc.integer()) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), steps => {
      const expected = new Map<number, number>()
      const churned = new ChurnedMap<number, number>()
      for (const { key, value } of steps) {
        if (value === null) {
          expected.delete(key)
          churned.delete(key)
        } else {
          expected.set(key, value)
          churned.set(key, value)
        }
        assert.equal(churned.size, expected.size)
        assert.equal(churned.has(key), expected.has(key))
        assert.equal(churned.get(key), expected.get(key))
      }
      assert.deepEqual([...churned.values()], [...expected.values()])
    }),
  )
})
