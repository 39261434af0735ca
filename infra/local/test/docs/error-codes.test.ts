import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '../../src/config.ts'

/**
 * A code of ours as a literal: the prefix of its app or package, then what happened. Comments name codes in
 * other quotes.
 */
const codeInSource =
  /'((?:GTW|WRK|ADM|MBX|CCH|KEY|CFG|OUT|CTL|BOT|QUE|LOC|HRN|OPS|CLI|SHD|RDS)_[A-Z][A-Z_]*[A-Z])'/g
const codeInPage = /^\| `([A-Z]{3}_[A-Z_]+)` \|/gm

const page = readFileSync(join(repository, 'docs', 'errors.md'), 'utf8')
const documented = [...page.matchAll(codeInPage)].map(match => match[1]!)
const used = new Set(
  globSync(['{apps,packages,infra}/*/src/**/*.{ts,lua}', 'apps/*/cli/**/*.ts'], { cwd: repository })
    .filter(file => !file.includes('node_modules'))
    .flatMap(file =>
      [...readFileSync(join(repository, file), 'utf8').matchAll(codeInSource)].map(match => match[1]!),
    ),
)

test('every error code of the source is explained in docs/errors.md', () => {
  const unexplained = [...used].filter(code => !documented.includes(code))

  assert.ok(used.size > 40, `only ${used.size} codes were found: the pattern no longer fits the source`)
  assert.deepEqual(unexplained, [])
})

test('every error code in docs/errors.md is still in the source, and is explained once', () => {
  const gone = documented.filter(code => !used.has(code))
  const twice = documented.filter((code, i) => documented.indexOf(code) !== i)

  assert.deepEqual(gone, [])
  assert.deepEqual(twice, [])
})
