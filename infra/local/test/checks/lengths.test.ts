import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findLong } from '../../src/checks/find-long.ts'

const rules = { maxColumns: 30, maxLines: 4, wide: ['wide/'], tall: ['tall.ts', 'a/src/tall.ts'] }
const words = 'many words that go on and on and on'

test('a line of code or of a comment that is too long is named', t => {
  const text = `short()\n// ${words}\nconst sum = one + two + three + four\n/**\n * ${words}\n */\n`

  assert.deepEqual(faultsOf(t, { 'a/test/x.ts': text, 'a/test/y.lua': `-- ${words}\n` }), [
    'a/test/x.ts:2: 38 columns, and 30 are allowed',
    'a/test/x.ts:3: 36 columns, and 30 are allowed',
    'a/test/x.ts:5: 38 columns, and 30 are allowed',
    'a/test/y.lua:1: 38 columns, and 30 are allowed',
  ])
})

test('strings, regular expressions, urls and remarks for the linter stay in one piece', t => {
  const url = 'https://example.com/a/page/with/a/long/name'
  const literals = [`'${words}'`, `"${words}"`, `\`${words}\n${words}\``, `/${words}/u`].map(
    each => `f(${each})`,
  )
  const comments = [`// ${url}`, `/**\n * ${url}\n */`, `// biome-ignore lint: ${words}`]

  assert.deepEqual(faultsOf(t, { 'x.ts': [...literals, ...comments].join('\n') }), [])
})

test('a source file with too many lines is named, and a test is not', t => {
  const text = 'line()\n'.repeat(5)

  assert.deepEqual(faultsOf(t, { 'a/src/x.ts': text, 'a/test/x.ts': text }), [
    'a/src/x.ts: 5 lines, and 4 are allowed',
  ])
})

test('what the rules name may be long', t => {
  const files = { 'wide/x.ts': `// ${words}\n`, 'a/src/tall.ts': 'line()\n'.repeat(5) }

  assert.deepEqual(faultsOf(t, files), [])
})

function faultsOf(t: TestContext, files: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'lengths-'))
  t.after(() => rmSync(root, { recursive: true }))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return findLong(root, Object.keys(files), rules)
}
