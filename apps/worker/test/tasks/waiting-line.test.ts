import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WaitingLine } from '../../src/tasks/waiting-line.ts'

/** Takes all out. */
function drain(line: WaitingLine<string>): string[] {
  const all: string[] = []
  for (let next = line.next(); next !== undefined; next = line.next()) all.push(next)
  return all
}

test('calls of one bot leave in the order they came, those of several bots in turn', () => {
  const line = new WaitingLine<string>(10)
  for (const one of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) line.add(one[0]!, one)

  assert.equal(line.size, 6)
  assert.deepEqual(drain(line), ['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  assert.equal(line.size, 0)
})

test('a bot that comes later finds room, however much of another bot waits', () => {
  const line = new WaitingLine<string>(4)

  const taken = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'b3'].map(one => line.add(one[0]!, one))

  assert.deepEqual(taken, [true, true, true, true, false, true, true, false])
  assert.ok(!line.add('a', 'a6'), 'its share is smaller now')
})

test('what is removed does not come any more, and makes room', () => {
  const line = new WaitingLine<string>(2)
  for (const one of ['a1', 'a2', 'b1']) line.add(one[0]!, one)

  assert.ok(line.remove('a', 'a1'))
  assert.ok(!line.remove('a', 'a1'))
  assert.ok(line.remove('b', 'b1'))

  assert.ok(line.add('a', 'a3'))
  assert.deepEqual(drain(line), ['a2', 'a3'])
})
