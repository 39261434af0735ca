import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeWithoutText } from '../src/index.ts'

test('an error is its type, its code and where it was thrown, without a word of its message', () => {
  const error = Object.assign(new RangeError("cannot read 'my secret\n    at home (private:1:1)'"), {
    code: 'E_RANGE',
  })

  const described = describeWithoutText(error)

  assert.deepEqual([described.type, described.code], ['RangeError', 'E_RANGE'])
  assert.match(described.frames[0]!, /describe-without-text\.test\.ts:\d+:\d+/)
  assert.doesNotMatch(JSON.stringify(described), /secret|home|private/)
})

test('causes are described alike, and only the first few', () => {
  let error = new Error('secret 0')
  for (let i = 1; i < 10; i++) error = new Error(`secret ${i}`, { cause: error })

  const described = JSON.stringify(describeWithoutText(error))

  assert.equal(described.match(/"cause"/g)?.length, 3)
  assert.doesNotMatch(described, /secret/)
})

test('texts in the place of names, codes and stacks are left out, and so is what is no error', () => {
  const error = Object.assign(new Error('a'), {
    name: 'my secret name',
    code: 'a secret code',
    stack: '    at secret',
  })

  assert.deepEqual(describeWithoutText(error), { type: 'Error', code: 'Error', frames: [] })
  assert.deepEqual(describeWithoutText('secret'), { type: 'string', frames: [] })
  assert.deepEqual(describeWithoutText(undefined), { type: 'undefined', frames: [] })
})
