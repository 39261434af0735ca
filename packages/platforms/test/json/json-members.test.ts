import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { membersOf } from '../../src/json/json-members.ts'

test('the members of any JSON are found with the text of their values', () => {
  fc.assert(
    fc.property(fc.json({ depthSize: 'large' }), fc.nat(4), (text, indent) => {
      const json = Buffer.from(JSON.stringify(JSON.parse(text), undefined, indent))
      const value = JSON.parse(text) as unknown
      const expected = typeof value === 'object' && value !== null ? Object.entries(value) : []

      const members = membersOf(json)

      const found = members.map(({ name, start, end }) => [
        name,
        JSON.parse(json.toString('utf8', start, end)),
      ])
      assert.deepEqual(found, expected)
    }),
  )
})

test('numbers, escapes and white space stay as they were sent', () => {
  const json = Buffer.from('{ "a\\"b" : 4912661846655238145 , "c":[ 1.50, "\\u00e4\\/" ] }')

  const members = membersOf(json)

  assert.deepEqual(
    members.map(({ name, start, end }) => [name, json.toString('utf8', start, end)]),
    [
      ['a"b', '4912661846655238145'],
      ['c', '[ 1.50, "\\u00e4\\/" ]'],
    ],
  )
  assert.deepEqual(
    membersOf(json, members[1]!.start).map(({ start, end }) => json.toString('utf8', start, end)),
    ['1.50', '"\\u00e4\\/"'],
  )
})

test('nesting of any depth is no trouble', () => {
  const deep = Buffer.from(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)

  assert.equal(membersOf(deep).length, 1)
})
