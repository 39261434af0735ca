import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { filesOf, readAlerts, repository } from './monitoring-files.ts'

const alerts = readAlerts()

test('every alert says how urgent it is, what is so, and where its runbook is', () => {
  assert.ok(alerts.length > 40)
  for (const { name, file, severity, summary, runbook } of alerts) {
    assert.match(severity ?? '', /^(page|ticket)$/, name)
    assert.ok(summary, name)
    assert.equal(runbook, `docs/runbooks/alerts/${file}.md#${name.toLowerCase()}`)
  }
  assert.equal(new Set(alerts.map(({ name }) => name)).size, alerts.length)
})

test('the runbook of an alert is there, and of nothing else', () => {
  const pages = new Set(alerts.map(({ file }) => file))
  for (const page of pages) {
    const text = readFileSync(join(repository, `docs/runbooks/alerts/${page}.md`), 'utf8')
    const headings = [...text.matchAll(/^## (\w+)$/gm)].map(([, heading]) => heading)

    const expected = alerts.filter(({ file }) => file === page).map(({ name }) => name)

    assert.deepEqual(headings, expected, page)
    for (const part of text.split(/^## /m).slice(1)) {
      for (const question of ['Means', 'Look', 'Do', 'Over when'])
        assert.match(part, new RegExp(`^\\*\\*${question}\\.\\*\\*`, 'm'), part.slice(0, 30))
    }
  }
})

test('every alert has a scenario in which it fires, in the file named after its rules', () => {
  const scenarios = new Map(
    filesOf('prometheus/tests').map(({ name, text }) => [name.replace('.yml', ''), text]),
  )

  const missing = alerts.filter(({ name, file }) => !scenarios.get(file)?.includes(`alertname="${name}"`))

  assert.deepEqual(missing, [])
})

test('a call that is refused by no fault of its caller counts against the objective', () => {
  const page = readFileSync(join(repository, 'docs/errors.md'), 'utf8')
  const ours = [...page.matchAll(/^\| `(GTW_[A-Z_]+)` \| 5\d\d \|/gm)].map(([, code]) => code!)
  const objectives = filesOf('prometheus/rules').find(({ name }) => name === 'objectives.yml')!.text
  const counted = new Set(
    [...objectives.matchAll(/code=~"GTW_\(([A-Z_|]+)\)"/g)].flatMap(([, codes]) =>
      codes!.split('|').map(code => `GTW_${code}`),
    ),
  )

  // One bot alone is over its limit; BotBacklogFull tells.
  const expected = ours.filter(code => code !== 'GTW_BACKLOG_FULL')

  assert.deepEqual([...counted].sort(), expected.sort())
})
