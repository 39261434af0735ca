import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startProcess } from '@botyard/testkit'
import type { TestLimits } from '../../src/tests/run-tests.ts'
import { madeUpRepository } from './made-up-repository.ts'

const head = "import assert from 'node:assert/strict'\nimport { test } from 'node:test'\n"
const starts = "import { spawn } from 'node:child_process'\nspawn\n"

async function runAll(t: TestContext, files: Record<string, string>, ...words: string[]) {
  return runWithin(undefined, t, files, ...words)
}

async function runWithin(
  limits: TestLimits | undefined,
  t: TestContext,
  files: Record<string, string>,
  ...words: string[]
) {
  const root = madeUpRepository(t, files)
  const runner = await startProcess(join(import.meta.dirname, 'run-tiers-process.ts'), {
    args: [root, ...words],
    ...(limits && { env: { TEST_LIMITS: JSON.stringify(limits) } }),
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

test('files of services share processes, but those that have hooks or change their process', async t => {
  const telling = "test('runs in ' + process.pid, () => {})"
  const sharing = Array.from({ length: 24 }, (_, n) => [`packages/a/test/shares-${n}.test.ts`, telling])
  const { code, text } = await runAll(t, {
    ...Object.fromEntries(sharing.map(([file, body]) => [file, `${head}${starts}${body}`])),
    'packages/b/test/hooks.test.ts': `${head}${starts}import { before } from 'node:test'\nbefore(() => {})\n${telling}`,
    'packages/b/test/changes.test.ts': `${head}${starts}process.env.A = '1'\n${telling}`,
  })

  const pids = [...text.matchAll(/runs in (\d+)/g)].map(match => match[1]!)
  const filesOf = Map.groupBy(pids, pid => pid)
  assert.equal(pids.length, 26)
  assert.equal([...filesOf.values()].filter(files => files.length === 1).length, 2)
  assert.ok(filesOf.size < 26 / 2, `${filesOf.size} processes`)
  assert.equal(code, 0)
})

test('a test that hangs fails, and so does a process that does not end; neither holds up the others', async t => {
  const hangs = 'setInterval(() => {}, 1000)'
  const { code, text, lines } = await runWithin({ testMs: 300, processMs: 5_000 }, t, {
    'packages/a/test/hangs.test.ts': `${head}${starts}test('hangs', () => new Promise(() => ${hangs}))`,
    'packages/b/test/stays.test.ts': `${head}${starts}test('stays', () => void ${hangs})`,
    'packages/c/test/passes.test.ts': `${head}test('passes', () => {})`,
  })

  const told = text.slice(text.indexOf('✖ 2 failed'))
  assert.match(told, /^packages\/a\/test\/hangs\.test\.ts:\d+\n {2}✖ hangs\n {4}test timed out after 300ms/m)
  assert.match(told, /^packages\/b\/test\/stays\.test\.ts$/m)
  assert.match(text, /their process did not end by itself\. Still open: .*Timeout/)
  assert.ok(lines.includes('ℹ pass 2'))
  assert.equal(code, 1)
})

test('a file whose tests leave the clock replaced fails, because others may share its process', async t => {
  const mock = (ms: number) => `t.mock.method(Date, 'now', () => ${ms})`
  const { code, text } = await runAll(t, {
    'packages/a/test/leaves.test.ts': `${head}${starts}test('leaves', t => { ${mock(1)}; ${mock(2)} })`,
    'packages/b/test/restores.test.ts': `${head}${starts}test('restores', t => { ${mock(1)} })`,
  })

  assert.match(text, /A test left Date\.now replaced/)
  const told = text.slice(text.indexOf('✖ 1 failed'))
  assert.match(told, /^packages\/a\/test\/leaves\.test\.ts$/m)
  assert.equal(code, 1)
})
