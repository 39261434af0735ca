import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formFields } from '../src/form-fields.ts'
import { cutOff } from './cut-off.ts'

const parts = ['a', 'b', '=', '&', '+', '%', '%4', '%41', '%ff', '%A9', '%C3%A9', '%EF%BF%BD', '?', '%00', '%2b', '%26']

test('a form says what URLSearchParams reads in it, whatever its escapes', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 30 }), pieces => {
      const form = `x${pieces.join('')}`

      const read = [...formFields(Buffer.from(form))].flatMap(([name, values]) => values.map(value => [name, value]))

      const byName = Map.groupBy(new URLSearchParams(form), ([name]) => name)
      assert.deepEqual(read, [...byName.values()].flat())
    }),
    { numRuns: 2000 },
  )
})

test('what is not escaped may stand beside what is no escape', () => {
  assert.deepEqual(
    [...formFields(Buffer.from('é=100%é&😀%F0%9F%98%80=%zz'))],
    [
      ['é', ['100%é']],
      ['😀😀', ['%zz']],
    ],
  )
})

test('a question mark at the start of a form is part of its first name', () => {
  assert.deepEqual([...formFields(Buffer.from('?a=1'))], [['?a', ['1']]])
})

test('three mebibytes of names without a value do not hold everybody up', () => {
  const names = 3 * 512 * 1024

  const fields = cutOff(() => formFields(Buffer.from('a&'.repeat(names))))

  assert.equal(fields.get('a')?.length, names)
})
