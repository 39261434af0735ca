import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findCrowdedPackages } from '../../src/checks/find-crowded-packages.ts'

test('a package may export sixty names, types among them, and no more', t => {
  const namesOf = (count: number) => Array.from({ length: count }, (_, i) => `name${i}`).join(', ')
  const root = packagesOf(t, {
    roomy: `export { ${namesOf(59)} } from './a.ts'\nexport type { One } from './b.ts'\n`,
    crowded: `export { ${namesOf(60)}, type One } from './a.ts'\n`,
  })

  assert.deepEqual(findCrowdedPackages(root), [
    'packages/crowded/src/index.ts exports 61 names, more than 60',
  ])
})

test('a package names what it exports', t => {
  const root = packagesOf(t, { lazy: "export * from './a.ts'\nexport * as b from './b.ts'\n" })

  assert.deepEqual(findCrowdedPackages(root), [
    'packages/lazy/src/index.ts exports all of ./a.ts: name what is meant',
  ])
})

function packagesOf(t: TestContext, indexes: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'botyard-packages-'))
  t.after(() => rmSync(root, { recursive: true }))
  for (const [name, text] of Object.entries(indexes)) {
    const file = join(root, 'packages', name, 'src', 'index.ts')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return root
}
