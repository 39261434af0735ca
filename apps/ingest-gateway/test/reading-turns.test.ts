import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { readOnInTurn } from '../src/limits/reading-turns.ts'

test('of all large bodies one is read on in each turn of the event loop, in their order', async () => {
  const read: string[] = []
  for (const name of ['a', 'b', 'c']) readOnInTurn({ resume: () => read.push(name) as never })

  const seen: string[] = []
  for (let i = 0; i < 4; i++) {
    await turn()
    seen.push(read.join(''))
  }
  readOnInTurn({ resume: () => read.push('d') as never })
  await turn()

  assert.deepEqual(new Set(seen).size >= 3, true, seen.join())
  assert.equal(read.join(''), 'abcd')
})
