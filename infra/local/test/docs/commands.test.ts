import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '../../src/config.ts'

/** What people read, beside a shell whose own Node may be 20. */
const pages = ['README.md', 'docs/**/*.md', '{apps,packages,infra}/*/README.md']
  .flatMap(pattern => globSync(pattern, { cwd: repository }))
  .map(page => ({ page, text: readFileSync(join(repository, page), 'utf8') }))

const blocksOf = (text: string) => [...text.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].map(([, block]) => block!)

test('no page has TypeScript run by a Node of whatever version: npm run brings the right one', () => {
  const found = pages.flatMap(({ page, text }) =>
    [...text.matchAll(/\bnode [^`\n]*\.ts\b/g)].map(([line]) => `${page}: ${line}`),
  )

  assert.deepEqual(found, [])
})

test('every npm run of a page is a script of this repository', () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    scripts: object
  }
  const named = pages.flatMap(({ page, text }) =>
    [...text.matchAll(/npm run ([\w-]+)/g)].map(([, name]) => ({ page, name: name! })),
  )

  assert.ok(named.length > 20)
  assert.deepEqual(
    named.filter(({ name }) => !Object.hasOwn(scripts, name)),
    [],
  )
})

test('every shell block of a page is one that a shell understands', () => {
  for (const { page, text } of pages) {
    for (const block of blocksOf(text)) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' })
      assert.equal(status, 0, `${page}:\n${block}\n${stderr}`)
    }
  }
})
