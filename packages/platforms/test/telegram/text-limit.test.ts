import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters } from '../../src/index.ts'

const tooLong = (native: Record<string, unknown>) => adapters.telegram.tooLong?.(native)

test('a text has at most 4,096 UTF-16 units', () => {
  const { max, unit, measure } = adapters.telegram.textLimit!

  assert.deepEqual([max, unit, measure('a😀')], [4096, 'UTF-16 units', 3])
})

test('a native text, caption or notice over the limit is told by its length', () => {
  const text = (length: number) => 'a'.repeat(length)

  assert.match(tooLong({ text: text(4097) })!, /text has 4097 .* 4096/)
  assert.match(tooLong({ method: 'sendPhoto', caption: text(1025) })!, /caption has 1025 .* 1024/)
  assert.match(tooLong({ method: 'sendMediaGroup', media: [{}, { caption: text(1025) }] })!, /caption/)
  assert.match(tooLong({ method: 'editMessageMedia', media: { caption: text(1025) } })!, /caption/)
  assert.match(tooLong({ method: 'answerCallbackQuery', text: text(201) })!, /text has 201 .* 200/)
  for (const native of [
    { text: text(4096) },
    { method: 'sendPhoto', caption: text(1024) },
    { method: 'answerCallbackQuery', text: text(200) },
    { method: 'postStory', caption: text(2048) },
    { text: 5, caption: null, media: 'x' },
    {},
  ]) {
    assert.equal(tooLong(native), undefined)
  }
})

test('markup and white space around do not count, so a raw text may be longer', () => {
  const bold = `<b>${'a'.repeat(4096)}</b>`

  assert.equal(tooLong({ text: bold, parse_mode: 'HTML' }), undefined)
  assert.match(tooLong({ text: bold })!, /4103/)
  assert.equal(
    tooLong({ method: 'sendPhoto', caption: `${'a'.repeat(1024)}*_`, parse_mode: 'MarkdownV2' }),
    undefined,
  )
  assert.equal(tooLong({ text: ` ${'a'.repeat(4096)}\n` }), undefined)
  assert.equal(
    tooLong({ method: 'sendMediaGroup', media: [{ caption: 'a'.repeat(2000), parse_mode: 'HTML' }] }),
    undefined,
  )
})
