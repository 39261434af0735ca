import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startProcess } from '@botyard/testkit'
import type { Drill } from '../../src/drill/drill.ts'
import { readOptions } from '../../src/drill/options.ts'
import { renderReport } from '../../src/drill/report.ts'

const jump: Drill = {
  summary: 'jumps over things.',
  options: {
    height: { help: 'cm to jump', default: 50, min: 1 },
    speed: { help: 'm/s before it', default: 1.5, min: 0, fractions: true },
  },
  run: async () => ({ ledger: {}, problems: [] }),
}
const drills = { jump, wait: { ...jump, options: { minutes: { help: 'how long', default: 1, min: 0 } } } }

test('a drill gets its numbers, the default where none is given', () => {
  const { name, values } = readOptions(['jump', '--speed', '0.5'], drills)

  assert.equal(name, 'jump')
  assert.deepEqual(values, { height: 50, speed: 0.5 })
})

test('a command line that makes no sense is answered with what is wrong and the usage', () => {
  for (const [args, first] of [
    [['--help'], 'Usage: npm run drill'],
    [['jump', '-h'], 'Usage: npm run drill'],
    [[], 'Name a drill'],
    [['fly'], "The drills are: jump, wait. Not 'fly'"],
    [['constructor'], "The drills are: jump, wait. Not 'constructor'"],
    [['jump', 'wait'], "One drill at a time: jump. Not 'wait' too"],
    [['jump', '--minutes', '1'], '--minutes is no option of jump'],
    [['jump', '--hight', '1'], "Unknown option '--hight'"],
    [['jump', '--height', '1.5'], "--height takes a whole number from 1, not '1.5'"],
    [['jump', '--speed', '-1'], "Option '--speed' argument is ambiguous"],
    [['jump', '--speed', ''], "--speed takes a number from 0, not ''"],
  ] as const) {
    assert.throws(
      () => readOptions(args, drills),
      ({ code, message }: Error & { code: string }) => {
        assert.equal(code, 'DRL_USAGE')
        assert.ok(message.startsWith(first), message)
        return /Usage: npm run drill -- jump\|wait[\s\S]*--height <n> +cm to jump \(50\)/.test(message)
      },
    )
  }
})

test('the command itself answers help with the usage and exit code 2', async t => {
  const { code, lines } = await command(t, ['--help'])

  assert.equal(code, 2)
  assert.match(lines.join('\n'), /^Usage: npm run drill/)
})

test('no problem is left out of what is printed, however many there are', () => {
  const problems = Array.from({ length: 500 }, (_, n) => `lost ${n}`)

  const printed = renderReport({ ledger: { 'updates lost': 500, runs: 1 }, problems }).split('\n')

  for (const problem of problems) assert.ok(printed.includes(`  ✗ ${problem}`), problem)
  assert.ok(printed.includes('  updates lost  500'))
  assert.ok(printed.includes('NOT CLEAN: 500 problems, see above.'))
})

async function command(t: TestContext, args: readonly string[]) {
  const main = fileURLToPath(new URL('../../src/drill/main.ts', import.meta.url))
  const child = await startProcess(main, { args, env: { BOTYARD_DIR: tmpdir() } })
  t.after(() => child.kill())
  const { code } = await child.exited
  return { code, lines: child.lines }
}
