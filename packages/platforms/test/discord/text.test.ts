import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asWritten } from '../../src/discord/as-written.ts'
import { adapters } from '../../src/index.ts'

const { textLimit, tooLong } = adapters.discord

test('a plain text shows as it is: no sign of it is Markdown, a mention or an emoji', () => {
  const cases: [text: string, sent: string][] = [
    [
      'héllo, world! It is 5 > 4 (really) - fine. a|b ~c',
      'héllo, world! It is 5 > 4 (really) - fine. a|b ~c',
    ],
    ['**b** _i_ ~~s~~ ||p|| `c` \\', '\\*\\*b\\*\\* \\_i\\_ \\~\\~s\\~\\~ \\|\\|p\\|\\| \\`c\\` \\\\'],
    ['# a\n-# b\n- c\n* d\n1. e\n> f\n>>> g', '\\# a\n\\-# b\n\\- c\n\\* d\n1\\. e\n\\> f\n\\>>> g'],
    ['#tag -5 1.5', '#tag -5 1.5'],
    ['<@1> <#2> <:a:3> <t:4> </b:5> a < b', '\\<@1> \\<#2> \\<\\:a:3> \\<t:4> \\</b:5> a < b'],
    [':tada: 10:30', '\\:tada: 10:30'],
    ['see https://e.com/a_b*c [x](https://e.com/a_b)', 'see https://e.com/a_b*c \\[x](https://e.com/a_b)'],
  ]
  for (const [text, sent] of cases) assert.equal(asWritten(text), sent)
})

test('a message holds 2,000 code points with what its text needs to show as it is', () => {
  assert.equal(textLimit?.max, 2_000)
  assert.equal(textLimit?.measure('😀é'), 2)
  assert.equal(textLimit?.measure('*'), 2)
})

test('a native message is refused for its content and its embeds, each by its own limit and all together', () => {
  const x = (length: number) => 'x'.repeat(length)
  const fits = [
    { content: '😀'.repeat(2_000) },
    { embeds: [{ title: x(256), description: x(4_096), footer: { text: x(1_648) } }] },
    { embeds: [], components: [{ type: 10, content: x(3_000) }] },
    { embeds: 'none' },
  ]
  for (const native of fits) assert.equal(tooLong?.(native), undefined)

  const refused: [object, RegExp][] = [
    [{ content: x(2_001) }, /^content holds 2000/],
    [{ embeds: [{ title: x(257) }] }, /title holds 256/],
    [{ embeds: [{ description: x(4_097) }] }, /description holds 4096/],
    [{ embeds: [{ footer: { text: x(2_049) } }] }, /footer holds 2048/],
    [{ embeds: [{ author: { name: x(257) } }] }, /author holds 256/],
    [{ embeds: [{ fields: [{ name: x(257), value: 'v' }] }] }, /name holds 256/],
    [{ embeds: [{ fields: [{ name: 'n', value: x(1_025) }] }] }, /value holds 1024/],
    [{ embeds: [{ fields: Array(26).fill({ name: 'n', value: 'v' }) }] }, /25 fields/],
    [{ embeds: Array(11).fill({}) }, /10 embeds/],
    [{ embeds: [{ description: x(4_000) }, { description: x(2_001) }] }, /6000 characters together/],
  ]
  for (const [native, reason] of refused)
    assert.match(tooLong?.(native as Record<string, unknown>) ?? '', reason)
})
