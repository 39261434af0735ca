import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formFields, readForm } from '../../src/http/form-fields.ts'
import { cutOff } from './cut-off.ts'

const parts = [
  'a',
  'b',
  '=',
  '&',
  '+',
  '%',
  '%4',
  '%41',
  '%ff',
  '%A9',
  '%C3%A9',
  '%EF%BF%BD',
  '?',
  '%00',
  '%2b',
  '%26',
]

test('a form says what URLSearchParams reads in it, whatever its escapes', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 30 }), pieces => {
      const form = `x${pieces.join('')}`

      const read = [...formFields(Buffer.from(form))].flatMap(([name, values]) =>
        values.map(value => [name, value]),
      )

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

test('a form is refused if any of it is no UTF-8, also beside a replacement character that was sent', () => {
  for (const form of ['a=%ff', 'a=%EF%BF%BD%ff', 'a=\ufffd&b=%c3', 'a=%c3&b=%a9', '%c3=%a9']) {
    assert.throws(() => readForm(Buffer.from(form)), { code: 'GTW_MALFORMED_JSON' }, form)
  }
  assert.throws(() => readForm(Buffer.from([0x61, 0x3d, 0xff])), { code: 'GTW_MALFORMED_JSON' })
  assert.deepEqual(
    [...readForm(Buffer.from('a=%EF%BF%BD\ufffd&b=%c3%a9'))],
    [
      ['a', ['\ufffd\ufffd']],
      ['b', ['é']],
    ],
  )
})

test('three mebibytes of names without a value do not hold everybody up', () => {
  const names = 3 * 512 * 1024

  const fields = cutOff(() => formFields(Buffer.from('a&'.repeat(names))))

  assert.equal(fields.get('a')?.length, names)
})
