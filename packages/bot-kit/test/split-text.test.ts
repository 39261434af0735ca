import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { splitText, type TextLimit } from '../src/split-text.ts'

const units = (max: number): TextLimit => ({ max, unit: 'UTF-16 units', measure: text => text.length })
const bytes = (max: number): TextLimit => ({ max, unit: 'bytes', measure: text => Buffer.byteLength(text) })
const characters = (max: number): TextLimit => ({
  max,
  unit: 'characters',
  measure: text => [...text].length,
})
/** As Slack counts: what is escaped is longer than what was written. */
const escaped = (max: number): TextLimit => ({
  max,
  unit: 'characters',
  measure: text => [...text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')].length,
})

for (const [what, text, max, pieces] of [
  ['at the last paragraph that fits', 'one\n\ntwo\n\nthree four', 14, ['one\n\ntwo', 'three four']],
  ['at a line where no paragraph is near', 'one\n\ntwo two two\nthree', 17, ['one\n\ntwo two two', 'three']],
  ['at a word where no line is near', 'one two three', 8, ['one two', 'three']],
  ['at a word that just fits', 'one two three', 7, ['one two', 'three']],
  [
    'before a long word that fits by itself',
    'see https://example.com/abc',
    24,
    ['see', 'https://example.com/abc'],
  ],
  ['between letters where there is no word', 'abcdefg', 3, ['abc', 'def', 'g']],
  ['between people, not within a family', '👨‍👩‍👧👨‍👩‍👧', 11, ['👨‍👩‍👧', '👨‍👩‍👧']],
  ['between flags, not within one', '🇩🇪🇫🇷🇨🇭', 6, ['🇩🇪', '🇫🇷', '🇨🇭']],
  ['not before an accent', 'aaée\u0301e\u0301', 4, ['aaé', 'e\u0301e\u0301']],
  [
    'with the indentation of the next line',
    'if a:\n\n    b = 1\n    c = 2',
    16,
    ['if a:\n\n    b = 1', '    c = 2'],
  ],
  ['without the white space at the cut', 'one  \t \n \n two', 5, ['one', ' two']],
  ['not at a no-break space', '10\u00a0kg or 20\u00a0kg', 10, ['10\u00a0kg or', '20\u00a0kg']],
  ['with white space at both ends of the text', '  one two ', 6, ['  one', 'two ']],
] as const) {
  test(`a text is split ${what}`, () => {
    assert.deepEqual(splitText(text, units(max), 20), pieces)
  })
}

test('a character that is longer than a message is split between its code points', () => {
  const marked = `a${'\u{1e02a}'.repeat(10)}`

  const pieces = splitText(marked, units(4), 20)

  assert.equal(pieces?.join(''), marked)
  assert.ok(pieces?.every(piece => piece.isWellFormed()))
})

test('a text of the longest length is one piece, and is measured once', () => {
  let measured = 0
  const measure = (text: string) => {
    measured++
    return text.length
  }
  const limit: TextLimit = { ...units(10), measure }

  assert.deepEqual(splitText('0123456789', limit, 20), ['0123456789'])
  assert.equal(measured, 1)
})

test('white space alone leaves no piece', () => {
  assert.deepEqual(splitText(' '.repeat(100), units(10), 20), [])
})

test('a text of too many pieces is none, and the last one that is allowed counts', () => {
  assert.equal(splitText('abcdef', units(1), 5), undefined)
  assert.equal(splitText('abcdef', units(1), 6)?.length, 6)
  assert.equal(splitText('a b c \n ', units(1), 3)?.length, 3)
})

test('what cannot fit at all is none', () => {
  assert.equal(splitText('😀😀', bytes(3), 20), undefined)
})

test('pieces fit, say something, stay whole, and are the text but for white space where it was cut', () => {
  const text = fc
    .array(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 8 }),
        fc.string({ unit: 'binary', maxLength: 8 }),
        fc.constantFrom(
          ' ',
          '\n',
          '\n\n',
          ' \n \n',
          '\r\n',
          '\t',
          '&',
          '<b>',
          '👨‍👩‍👧',
          '🇩🇪',
          'e\u0301',
          '\u00a0',
          'word',
        ),
      ),
      { maxLength: 60 },
    )
    .map(parts => parts.join(''))
  const limit = fc
    .tuple(fc.constantFrom(units, bytes, characters, escaped), fc.integer({ min: 8, max: 60 }))
    .map(([of, max]) => of(max))

  fc.assert(
    fc.property(text, limit, (whole, { max, unit, measure }) => {
      const pieces = splitText(whole, { max, unit, measure }, Number.POSITIVE_INFINITY)

      assert.ok(pieces)
      if (measure(whole) <= max) return assert.deepEqual(pieces, [whole])
      let at = 0
      for (const piece of pieces) {
        assert.ok(piece.trim() !== '', JSON.stringify(pieces))
        assert.ok(measure(piece) <= max, `${measure(piece)} of ${max}: ${JSON.stringify(piece)}`)
        const found = whole.indexOf(piece, at)
        assert.match(whole.slice(at, found), /^\s*$/)
        assert.ok(!isInsidePair(whole, found) && !isInsidePair(whole, found + piece.length))
        at = found + piece.length
      }
      assert.match(whole.slice(at), /^\s*$/)
    }),
    { numRuns: 2_000 },
  )
})

test('a text of a megabyte is refused in few measures', () => {
  let measured = 0
  const limit: TextLimit = {
    ...bytes(1_000),
    measure(text) {
      measured += text.length
      return Buffer.byteLength(text)
    },
  }

  assert.equal(splitText('word '.repeat(200_000), limit, 20), undefined)
  assert.ok(measured < 1_000_000 + 20 * 13 * 1_000, String(measured))
})

function isInsidePair(text: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1))
}
