import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startProcess } from '@botyard/testkit'
import { bench } from '../src/bench/bench.ts'
import { drill } from '../src/drill/drill.ts'
import { prove } from '../src/prove/prove.ts'
import { runKind } from '../src/shared/run-kind.ts'
import type { Kind } from '../src/shared/scenario.ts'
import { simulate } from '../src/simulate/simulate.ts'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')

test('bench, prove, drill and simulate are asked for help alike', async t => {
  for (const [kind, scenarios] of [
    [bench, 'answer|fairness|ingest|nlp|cache'],
    [prove, '[<scenario>]'],
    [drill, 'failover|restore|rotate|split'],
    [simulate, '[traffic]'],
  ] as const) {
    const { code, text } = await answer(t, kind, ['--help'])

    assert.equal(code, 0, text)
    assert.ok(text.startsWith(`Usage: npm run ${kind.name} -- ${scenarios} [options]`), text)
    assert.match(text, /\nExit code: 0 clean; 1 not clean, the report says why; 2 could not run\.$/)
    for (const line of text.split('\n')) assert.ok(line.length <= 110, line)
  }
})

test('a command line that makes no sense is answered with the usage and exit code 2', async t => {
  for (const [kind, args, complaint] of [
    [bench, [], 'Name one of: answer, fairness, ingest, nlp, cache.'],
    [prove, ['order'], `There are: ${Object.keys(prove.scenarios).join(', ')}. Not 'order'.`],
    [prove, ['--limit', '1'], '--limit is no option of chaos'],
    [drill, ['split', '--users', '9'], "--users takes a whole number from 10, not '9'"],
    [simulate, ['--platform', 'pager'], '--platform takes telegram, custom, '],
  ] as const) {
    const { code, text } = await answer(t, kind, args)

    assert.equal(code, 2)
    assert.ok(text.startsWith(complaint), text)
    assert.ok(text.includes(`\nUsage: npm run ${kind.name}`), text)
    assert.doesNotMatch(text, /\n\s+at /)
  }
})

test('a kind that does not exist is named, with those that do', async t => {
  const { code, text } = await command(t, ['polish'])

  assert.equal(code, 2)
  assert.equal(text, "There are: bench, prove, drill, simulate. Not 'polish'.")
})

test('a run tells its command and machine, and keeps its whole report in the state folder', async t => {
  const dir = mkdtempSync(join(tmpdir(), 'botyard-harness-'))
  t.after(() => rm(dir, { recursive: true, force: true }))

  const { code, text } = await command(
    t,
    ['prove', '--minutes', '0.05', '--conversations', '5', '--flood', '20', '--seed', '7'],
    dir,
  )

  assert.equal(code, 0, text)
  assert.match(
    text,
    /^Command: npm run prove -- chaos --minutes 0\.05 --conversations 5 --flood 20 --seed 7$/m,
  )
  assert.match(text, /^Machine: \d+ cores of .+, Node v24\./m)
  assert.match(text, /^CLEAN: nothing lost, out of order, or sent twice without a mark/m)
  const [, file] = /^Report: (.*)$/m.exec(text) ?? []
  assert.deepEqual(
    readdirSync(join(dir, 'prove')).map(name => join(dir, 'prove', name)),
    [file],
  )
  assert.match(file!, /\/chaos-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.json$/)
  const kept = JSON.parse(readFileSync(file!, 'utf8'))
  const { faults, ...rest } = kept.options
  assert.ok(faults.includes('failover'))
  assert.deepEqual(rest, { minutes: 0.05, conversations: 5, flood: 20, seed: 7 })
  assert.deepEqual(kept.problems, [])
  assert.ok(kept.accepted > 0)
})

/** What a command line of a kind is answered, without a process of its own. */
async function answer(t: TestContext, kind: Kind, args: readonly string[]) {
  const lines: unknown[] = []
  const print = (line: unknown) => void lines.push(line)
  const mocks = [t.mock.method(console, 'log', print), t.mock.method(console, 'error', print)]
  try {
    return { code: await runKind(kind, args), text: lines.join('\n') }
  } finally {
    for (const { mock } of mocks) mock.restore()
  }
}

async function command(t: TestContext, args: readonly string[], dir = tmpdir()) {
  const child = await startProcess(main, { args, env: { BOTYARD_DIR: dir } })
  t.after(() => child.kill())
  const { code } = await child.exited
  return { code, text: child.lines.join('\n') }
}
