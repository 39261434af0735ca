import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StartupError } from '../../src/errors.ts'
import { chooseTests } from '../../src/tests/choose-tests.ts'
import { madeUpRepository } from './made-up-repository.ts'

const files = {
  'packages/mailbox/test/races.test.ts': "test('a duplicate is stored once', () => {})",
  'packages/mailbox/test/moves/crash.test.ts': "test('a crash loses nothing', () => {})",
  'packages/cache/test/leases.test.ts': "test('a lease ends', () => {})",
  'apps/worker/test/rig.ts': "export const text = 'a duplicate'",
}
const mailbox = ['packages/mailbox/test/moves/crash.test.ts', 'packages/mailbox/test/races.test.ts']

test('without a word every test file runs, and no helper', t => {
  const { tiers, names } = chooseTests([], madeUpRepository(t, files))

  assert.deepEqual([...tiers.keys()], ['packages/cache/test/leases.test.ts', ...mailbox])
  assert.deepEqual(names, [])
})

test('a package, a folder, a file and a pattern name files; several add up', t => {
  const root = madeUpRepository(t, files)
  const filesOf = (...words: string[]) => [...chooseTests(words, root).tiers.keys()]

  for (const word of ['mailbox', '@botyard/mailbox', 'packages/mailbox', './packages/mailbox/test/'])
    assert.deepEqual(filesOf(word), mailbox, word)
  for (const word of ['races', 'races.test.ts', mailbox[1]!, 'packages/mailbox/test/*.test.ts'])
    assert.deepEqual(filesOf(word), [mailbox[1]], word)
  assert.deepEqual(filesOf('moves'), [mailbox[0]])
  assert.deepEqual(filesOf('moves', 'leases'), ['packages/cache/test/leases.test.ts', mailbox[0]])
})

test('other words are of names of tests, and narrow the files named beside them', t => {
  const root = madeUpRepository(t, files)

  assert.deepEqual(chooseTests(['Is Stored'], root), {
    tiers: new Map([[mailbox[1], 'unit']]),
    names: ['Is Stored'],
  })
  assert.deepEqual(chooseTests(['mailbox', 'loses'], root), {
    tiers: new Map([[mailbox[0], 'unit']]),
    names: ['loses'],
  })
})

test('a tier narrows to the files that are in it', t => {
  const root = madeUpRepository(t, {
    ...files,
    'apps/worker/test/process.test.ts': `import { fork } from 'node:child_process'`,
  })

  assert.deepEqual([...chooseTests(['services'], root).tiers.keys()], ['apps/worker/test/process.test.ts'])
  assert.deepEqual(
    [...chooseTests(['unit', 'leases'], root).tiers.keys()],
    ['packages/cache/test/leases.test.ts'],
  )
})

test('words that fit no test are refused with what may be said', t => {
  const root = madeUpRepository(t, files)

  for (const words of [['mailbux'], ['cache', 'loses'], ['--wat']])
    assert.throws(() => chooseTests(words, root), StartupError)
})

test('an option is refused, though a test may have it in its name', t => {
  const root = madeUpRepository(t, {
    ...files,
    'apps/worker/test/help.test.ts': `test('--help is told', () => {})`,
  })

  assert.throws(() => chooseTests(['--help'], root), /takes names, and no options/)
})
