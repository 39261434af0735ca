import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readOnInTurn } from '../src/limits/reading-turns.ts'

test('of all large bodies one is read on each millisecond, in their order', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const read: string[] = []
  const body = (name: string) => ({ resume: () => read.push(name) as never })

  for (const name of ['a', 'b', 'c']) readOnInTurn(body(name))
  const seen = [0, 1, 1, 1].map(ms => {
    t.mock.timers.tick(ms)
    return read.join('')
  })
  readOnInTurn(body('d'))
  t.mock.timers.tick(1)

  assert.deepEqual(seen, ['', 'a', 'ab', 'abc'])
  assert.equal(read.join(''), 'abcd')
})
