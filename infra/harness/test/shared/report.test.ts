import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { keepReport, renderReport } from '../../src/shared/report.ts'

const problems = Array.from({ length: 500 }, (_, n) => `conversation-${n}: lost ${n}`)

test('no problem is left out of what is printed and kept, however many there are', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'botyard-report-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const circumstances = {
    ...{ command: 'npm run sport -- jump', startedAt: '2026-01-02T03:04:05.678Z', machine: '2 cores' },
    options: { height: 50 },
  }
  const report = { ledger: { 'updates lost': 500, runs: 1 }, problems, facts: { runs: [1, 2] } }

  const printed = renderReport(report, 'nothing was touched.').split('\n')
  const file = keepReport(join(folder, 'sport'), 'jump', report, circumstances)

  for (const problem of problems) assert.ok(printed.includes(`  ✗ ${problem}`), problem)
  assert.ok(printed.includes('  updates lost  500'))
  assert.equal(printed.at(-1), 'NOT CLEAN: 500 problems, see above.')
  assert.equal(file, join(folder, 'sport', 'jump-2026-01-02T03-04-05.678Z.json'))
  const kept = { ...circumstances, ledger: report.ledger, problems, runs: [1, 2] }
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), kept)
})

test('a report without problems is clean; its table is one for Markdown too', () => {
  const table = {
    head: ['system', 'per second'],
    rows: [
      ['botyard', 12_000],
      ['recipe', 900],
    ],
  }

  assert.equal(
    renderReport({ table, problems: [] }, 'all was taken.'),
    `
| system  | per second |
| ------- | ---------- |
| botyard | 12000      |
| recipe  | 900        |

CLEAN: all was taken.`,
  )
})

test('one problem is one problem', () => {
  assert.match(
    renderReport({ problems: ['it rains'] }, 'dry.'),
    /^ {2}✗ it rains\nNOT CLEAN: 1 problem, see above\.$/m,
  )
})
