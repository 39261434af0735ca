import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startProcess } from '@botyard/testkit'
import { madeUpRepository } from './made-up-repository.ts'

const head = "import assert from 'node:assert/strict'\nimport { test } from 'node:test'\n"
const starts = "import { spawn } from 'node:child_process'\nspawn\n"

async function runAll(t: TestContext, files: Record<string, string>, ...words: string[]) {
  const root = madeUpRepository(t, files)
  const runner = await startProcess(join(import.meta.dirname, 'run-tiers-process.ts'), {
    args: [root, ...words],
  })
  const { code } = await runner.exited
  const at = (line: string) => runner.lines.findIndex(one => one.includes(line))
  return { code, lines: runner.lines, text: runner.lines.join('\n'), at }
}

test('every test of every tier runs, unit tests first, and the closing lines count them all', async t => {
  const { code, lines, at } = await runAll(t, {
    'packages/a/test/one.test.ts': `${head}test('one of a unit', () => {})`,
    'packages/a/test/two.test.ts': `${head}test('two of a unit', () => {})\ntest.skip('skipped', () => {})`,
    'packages/b/test/real.test.ts': `${head}${starts}test('real', () => {})`,
    'infra/c/test/whole.test.ts': `${head}${starts}test('whole', async t => { await t.test('inner', () => {}) })`,
    'infra/c/test/rate.alone.test.ts': `${head}test('at a rate', () => {})`,
  })

  const order = ['one of a unit', 'at a rate', '✔ real', '▶ whole', 'ℹ tests'].map(at)
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  )
  assert.ok(!order.includes(-1))
  for (const line of ['ℹ tests 7', 'ℹ pass 6', 'ℹ fail 0', 'ℹ skipped 1'])
    assert.ok(lines.includes(line), line)
  assert.equal(lines.filter(line => line.startsWith('ℹ tests')).length, 1)
  assert.equal(code, 0)
})

test('what failed is told last: file, test, message and the command that runs it again', async t => {
  const { code, text, lines } = await runAll(t, {
    'packages/a/test/fails.test.ts': `${head}test('outer', t => t.test('inner', () => assert.equal(1, 2)))`,
    'packages/a/test/broken.test.ts': `import './nowhere.ts'`,
    'packages/b/test/dies.test.ts': `${head}${starts}test('dies', () => process.exit(3))`,
    'packages/b/test/passes.test.ts': `${head}${starts}test('passes', () => {})`,
  })

  const told = text.slice(text.indexOf('✖ 3 failed'))
  assert.match(told, /^packages\/a\/test\/fails\.test\.ts:3\n {2}✖ outer › inner\n {4}AssertionError/m)
  assert.match(told, /^ +1 !== 2$/m)
  assert.match(told, /^ {2}again: npm test -- packages\/a\/test\/fails\.test\.ts$/m)
  assert.match(told, /^packages\/a\/test\/broken\.test\.ts\n.*\n.*Cannot find module/m)
  assert.match(told, /^ {2}again: npm test -- packages\/a\/test\/broken\.test\.ts$/m)
  assert.match(told, /^packages\/b\/test\/dies\.test\.ts$/m)
  assert.match(told, /^ {2}again: npm test -- packages\/b\/test\/dies\.test\.ts$/m)
  assert.ok(lines.includes('ℹ pass 1'))
  assert.equal(code, 1)
})

test('words of a name run the tests that have them', async t => {
  const { code, lines, text } = await runAll(
    t,
    { 'packages/a/test/one.test.ts': `${head}test('a (b) c', () => {})\ntest('a b c', () => assert.fail())` },
    'A (B)',
  )

  assert.match(text, /✔ a \(b\) c/)
  assert.ok(lines.includes('ℹ tests 1') && lines.includes('ℹ pass 1'))
  assert.equal(code, 0)
})
