import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapter as github } from '../../src/github/adapter.ts'
import { asWritten } from '../../src/github/as-written.ts'

const nothing = '&#8203;'

test('a plain text shows as it is: no sign of it is Markdown or HTML', () => {
  const cases: [text: string, sent: string][] = [
    ['héllo, world! It is 5 > 4 (really) - fine.', 'héllo, world! It is 5 > 4 (really) - fine.'],
    ['**bold** _it_ `code` ~~no~~', '\\*\\*bold\\*\\* \\_it\\_ \\`code\\` \\~\\~no\\~\\~'],
    ['[a](https://e.com) <b>x</b>', '\\[a\\](https://e.com) \\<b>x\\</b>'],
    ['C:\\temp &amp; R&D', 'C:\\\\temp \\&amp; R&D'],
    ['# a\n## b\n#tag', '\\# a\n\\#\\# b\n#tag'],
    ['> a\n- b\n+ c\n1. d\n2) e\n-5', '\\> a\n\\- b\n\\+ c\n1\\. d\n2\\) e\n-5'],
    ['title\n===\n---', 'title\n\\===\n\\---'],
    ['  a\n\tb', '&nbsp;&nbsp;a\n&nbsp;&nbsp;&nbsp;&nbsp;b'],
    ['a | b', 'a \\| b'],
    ['a\n---:', 'a\n\\---:'],
    ['a\n:--', 'a\n\\:--'],
  ]
  for (const [text, sent] of cases) assert.equal(asWritten(text), sent)
})

test('a plain text mentions nobody, refers to no issue and becomes no emoji', () => {
  assert.equal(
    asWritten('@ann (@octo/team) a@b.example'),
    `@${nothing}ann (@${nothing}octo/team) a@b.example`,
  )
  assert.equal(asWritten('é@ann'), `é@${nothing}ann`)
  assert.equal(asWritten('#12, o/r#12, GH-12'), `#${nothing}12, o/r#${nothing}12, GH-${nothing}12`)
  assert.equal(asWritten(':tada: 10:30'), `:${nothing}tada: 10:30`)
})

test('a link stays a link; what only looks like one cannot hide a mention', () => {
  assert.equal(asWritten('see https://e.com/a_b*c?x=[1]'), 'see https://e.com/a_b*c?x=[1]')
  assert.equal(asWritten('www.e.com/a_b'), 'www.e.com/a_b')
  assert.equal(asWritten('https://e.com<b>'), 'https://e.com<!-- -->\\<b>')
  assert.equal(asWritten('*www.e.com*'), `\\*www${nothing}.e.com\\*`)
  assert.equal(
    asWritten('https://@ann xhttps://e.com/@ann'),
    `https${nothing}://@${nothing}ann xhttps${nothing}://e.com/@${nothing}ann`,
  )
})

test('a comment holds 65,536 characters with what its text needs to show as it is', () => {
  const { textLimit } = github

  assert.equal(textLimit?.max, 65_536)
  assert.equal(textLimit?.measure('😀é'), 2)
  assert.equal(textLimit?.measure('a_b'), 4)
  assert.equal(github.tooLong?.({ body: 'x'.repeat(65_536) }), undefined)
  assert.equal(github.tooLong?.({ body: '😀'.repeat(65_536) }), undefined)
  assert.match(github.tooLong?.({ body: 'x'.repeat(65_537) }) ?? '', /65536/)
  assert.equal(github.tooLong?.({ title: 'no body' }), undefined)
})
