import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseJson } from '../../src/json/parse-json.ts'
import { parseLongJson } from '../../src/json/parse-long-json.ts'

/** What came of parsing: the value, or the error's code and message. */
function outcomeOf(parse: () => unknown): { value: unknown } | { error: string } {
  try {
    return { value: parse() }
  } catch (error) {
    return { error: String((error as { code: string }).code) }
  }
}

/** Whether a value is the whole one, but for lists of its own members, which may end early. */
function isCutOf(cut: unknown, whole: unknown): boolean {
  if (typeof whole !== 'object' || whole === null) return Object.is(cut, whole)
  assert.deepEqual(Object.keys(cut as object).sort(), Object.keys(whole).sort())
  return Object.entries(whole).every(([name, value]) => {
    const own = (cut as Record<string, unknown>)[name]
    const expected = Array.isArray(value) && Array.isArray(own) ? value.slice(0, own.length) : value
    assert.deepEqual(own, expected)
    return !Array.isArray(value) || value.length === 0 || (own as unknown[]).length > 0
  })
}

const list = fc.array(
  fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.record({ a: fc.string(), b: fc.array(fc.object()) })),
)
const text = fc
  .record({ body: fc.dictionary(fc.string(), fc.oneof(list, fc.jsonValue())), indent: fc.constantFrom(0, 1) })
  .map(({ body, indent }) => JSON.stringify(body, null, indent))
const edits = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'[]{},:"\\ 1\ufeff', '},{', ',,')), {
  maxLength: 2,
})

test('what parses as a whole parses in pieces, to the same but for the ends of long lists; what does not is refused', () => {
  const property = fc.property(text, edits, fc.integer({ min: 1, max: 40 }), (json, changes, pieceBytes) => {
    let edited = json
    for (const [at, part] of changes) {
      const place = at % (edited.length + 1)
      edited = edited.slice(0, place) + part + edited.slice(place + (at % 3))
    }
    const body = Buffer.from(edited)

    const whole = outcomeOf(() => parseJson(body))
    const cut = outcomeOf(() => parseLongJson(body, pieceBytes))

    if ('error' in whole || 'error' in cut) assert.deepEqual(cut, whole)
    else assert.ok(isCutOf(cut.value, whole.value))
  })
  fc.assert(property, { numRuns: 500 })
})

test('a list that lacks an element, or its end, is refused wherever that is', () => {
  const elements = Array.from({ length: 20 }, (_, n) => String(n))
  const lists = elements.map((_, at) => elements.toSpliced(at, 1, '      ').join())
  for (const text of [
    ...lists.map(list => `{"a":[1,2,3,4,5],"b":[${list}]}`),
    '{"a":[1,2,3,4,5],"b":[6,7,8,9,10',
    '{"a":[1,2,3,4,5,6}',
  ]) {
    for (const pieceBytes of [1, 3, 5]) {
      assert.throws(() => parseLongJson(Buffer.from(text), pieceBytes), { code: 'GTW_MALFORMED_JSON' }, text)
    }
  }
})

test('bytes that are no UTF-8 are refused wherever they stand', () => {
  const body = Buffer.from(
    JSON.stringify({ list: Array.from({ length: 40 }, () => ({ text: 'hello' })), last: 'one' }),
  )
  for (let at = 0; at < body.length; at++) {
    const broken = Buffer.from(body)
    broken[at] = 0xff
    assert.throws(() => parseLongJson(broken, 50), { code: 'GTW_MALFORMED_JSON' })
  }
})

test('of a long list the first elements are kept, and no more than a piece of it is parsed at once', t => {
  const list = Array.from({ length: 20_000 }, (_, n) => ({ n, files: ['a', 'b'], by: { name: '},{' } }))
  const body = Buffer.from(JSON.stringify({ before: [1], list, after: { id: 7 } }))
  let longest = 0
  const parse = JSON.parse
  t.mock.method(JSON, 'parse', (json: string) => {
    longest = Math.max(longest, json.length)
    return parse(json)
  })

  const {
    before,
    list: kept,
    after,
  } = parseLongJson(body) as { before: unknown; list: unknown[]; after: unknown }

  assert.deepEqual([before, after, kept], [[1], { id: 7 }, list.slice(0, kept.length)])
  assert.ok(kept.length > 0 && kept.length < 3_000, `${kept.length} elements`)
  assert.ok(longest < 200_000, `${longest} characters at once`)
})
