import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startProcess } from '@botyard/testkit'
import { keepReport, renderReport } from '../../src/prove/report.ts'

const main = fileURLToPath(new URL('../../src/prove/main.ts', import.meta.url))

test('help and options that make no sense are answered with the usage and exit code 2', async t => {
  for (const [args, first] of [
    [['--help'], 'Usage: npm run prove'],
    [['chaos', '--help'], 'Usage: npm run prove'],
    [['--minuts', '1'], "Unknown option '--minuts'"],
    [['--minutes', 'long'], "--minutes takes a number from 0.01, not 'long'"],
    [['--conversations', '1.5'], "--conversations takes a whole number from 1, not '1.5'"],
    [['--seed', ''], "--seed takes a whole number from 0, not ''"],
    [['order'], "The proofs are chaos, broadcast, cache, attack, operations. Not 'order'"],
    [['chaos', 'order'], "One proof at a time: chaos. Not 'order' too"],
    [['broadcast', '--minutes', '1'], '--minutes is no option of broadcast'],
    [['--limit', '1'], '--limit is no option of chaos'],
    [['attack', '--rate', '0'], "--rate takes a whole number from 1, not '0'"],
    [['cache', '--keys', '0'], "--keys takes a whole number from 1, not '0'"],
    [['cache', '--conversations', '1'], '--conversations is no option of cache'],
    [['broadcast', '--limit', '0'], "--limit takes a whole number from 1, not '0'"],
  ] as const) {
    const { code, lines } = await command(t, args, tmpdir())

    const text = lines.join('\n')
    assert.equal(code, 2)
    assert.ok(text.startsWith(first), text)
    assert.match(text, /Usage: npm run prove[\s\S]*--seed <n>/)
    assert.doesNotMatch(text, /\n\s+at /)
  }
})

test('a run says its seed, and keeps its whole report in the state folder', async t => {
  const dir = folderOf(t)

  const { code, lines } = await command(t, ['--minutes', '0.05', '--conversations', '5', '--seed', '7'], dir)

  const text = lines.join('\n')
  assert.equal(code, 0, text)
  assert.match(text, /--seed 7$/m)
  assert.match(text, /^Clean: nothing lost, doubled or out of order\.$/m)
  const file = lines.find(line => line.startsWith('Report: '))!.slice('Report: '.length)
  assert.deepEqual(
    readdirSync(join(dir, 'prove')).map(name => join(dir, 'prove', name)),
    [file],
  )
  assert.match(file, /\/chaos-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.json$/)
  const { seed, conversations, accepted, problems } = JSON.parse(readFileSync(file, 'utf8'))
  assert.deepEqual({ seed, conversations, problems }, { seed: 7, conversations: 5, problems: [] })
  assert.ok(accepted > 0)
})

test('no problem is left out of what is printed and kept, however many there are', t => {
  const problems = Array.from({ length: 500 }, (_, n) => `chaos/conversation-${n}: lost ${n}`)
  const report = { accepted: 1, deliveries: 2, runs: 3, faults: { 'redis killed': 4 }, problems }
  const run = { seconds: 1, conversations: 500, seed: 7, startedAt: '2026-01-02T03:04:05.678Z', ...report }

  const printed = renderReport(report)
  const kept = keepReport(join(folderOf(t), 'prove'), 'chaos', run)

  for (const problem of problems) assert.ok(printed.split('\n').includes(`  ✗ ${problem}`), problem)
  assert.match(printed, /^NOT CLEAN: 500 problems, see above\.$/m)
  assert.deepEqual(JSON.parse(readFileSync(kept, 'utf8')), run)
})

async function command(t: TestContext, args: readonly string[], dir: string) {
  const child = await startProcess(main, { args, env: { BOTYARD_DIR: dir } })
  t.after(() => child.kill())
  const { code } = await child.exited
  return { code, lines: child.lines }
}

function folderOf(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'botyard-prove-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return dir
}
