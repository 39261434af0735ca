import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findCircles } from '../../src/checks/find-circles.ts'
import { fileGraph, packageGraph } from '../../src/checks/import-graph.ts'

test('a circle is shown as the shortest way from its first name back to it, and once', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['d']],
    ['d', ['b']],
    ['e', ['e']],
  ])

  assert.deepEqual(findCircles(graph), [
    ['b', 'd', 'b'],
    ['e', 'e'],
  ])
})

test('names that share what they use make no circle', () => {
  const graph = new Map([
    ['a', ['b', 'c']],
    ['b', ['d']],
    ['c', ['d']],
    ['d', []],
  ])

  assert.deepEqual(findCircles(graph), [])
})

test('files are followed through relative imports, types, exports, dynamic imports and the entries of packages', t => {
  const root = workspace(t, {
    'packages/one/package.json': JSON.stringify({
      name: '@x/one',
      exports: { '.': './src/index.ts', './sub': './src/sub.ts' },
    }),
    'packages/one/src/index.ts': "export { a } from './a.ts'\n",
    'packages/one/src/a.ts': "import type { S } from './sub.ts'\nexport const a: S = 1\n",
    'packages/one/src/sub.ts': "export type S = number\nexport const late = () => import('./a.ts')\n",
    'packages/two/package.json': JSON.stringify({
      name: '@x/two',
      dependencies: { '@x/one': 'workspace:*' },
    }),
    'packages/two/src/index.ts':
      "import { a } from '@x/one'\nimport type { S } from '@x/one/sub'\nimport 'node:fs'\nexport const b: S = a\n",
  })

  assert.deepEqual(Object.fromEntries(fileGraph(root)), {
    'packages/one/src/a.ts': ['packages/one/src/sub.ts'],
    'packages/one/src/index.ts': ['packages/one/src/a.ts'],
    'packages/one/src/sub.ts': ['packages/one/src/a.ts'],
    'packages/two/src/index.ts': ['packages/one/src/index.ts', 'packages/one/src/sub.ts'],
  })
})

test('packages are followed through what they and their tests depend on', t => {
  const root = workspace(t, {
    'packages/one/package.json': JSON.stringify({
      name: '@x/one',
      devDependencies: { '@x/two': 'workspace:*' },
    }),
    'packages/two/package.json': JSON.stringify({
      name: '@x/two',
      dependencies: { '@x/one': 'workspace:*', other: '1' },
    }),
  })

  assert.deepEqual(findCircles(packageGraph(root)), [['@x/one', '@x/two', '@x/one']])
})

function workspace(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'botyard-circles-'))
  t.after(() => rmSync(root, { recursive: true }))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return root
}
