import assert from 'node:assert/strict'
import { test } from 'node:test'
import { escapedMarkdown } from '../../src/google-chat/markdown.ts'
import { adapters } from '../../src/index.ts'

test('what Markdown gives a meaning is escaped, and nothing else', () => {
  for (const [text, expected] of [
    ['hello, world: it costs 5.50 (about)!', undefined],
    ['see https://a.example/b_c?d=*e*', undefined],
    ['*a* _b_ ~c~ `d` [e](f) <users/all>', '\\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\[e\\](f) \\<users/all>'],
    ['a\nb', 'a  \nb'],
    ['# a\n- b\n12. c', '\\# a  \n\\- b  \n12\\. c'],
    ['https://a.example - b_c', 'https://a.example - b\\_c'],
    [':smile: at 10:30', '\\:smile: at 10:30'],
    ['    indented', '\u00a0\u00a0\u00a0\u00a0indented'],
    ['\\', '\\\\'],
  ] as const) {
    assert.equal(escapedMarkdown(text), expected, text)
  }
})

test('a text is measured by its bytes with what escaping adds', () => {
  const { max, unit, measure } = adapters['google-chat'].textLimit!

  assert.deepEqual([max, unit], [31_500, 'bytes'])
  assert.deepEqual([measure('abc'), measure('😀'), measure('*a*')], [3, 4, 5])
})

test('a native message is too long if its texts alone are longer than a message may be', () => {
  const tooLong = (native: Record<string, unknown>) => adapters['google-chat'].tooLong?.(native)

  assert.equal(tooLong({ text: 'a'.repeat(32_000) }), undefined)
  assert.match(tooLong({ text: 'a'.repeat(32_001) })!, /32001 bytes/)
  assert.match(
    tooLong({ text: 'a', cardsV2: [{ card: { header: { title: 'é'.repeat(16_000) } } }] })!,
    /32001 bytes/,
  )
})
