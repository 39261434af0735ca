import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { runToEnd } from '../../src/processes/run-to-end.ts'

const bootstrap = join(import.meta.dirname, '..', '..', 'bootstrap.mjs')

test('an unknown command is answered with those there are', async () => {
  const { code, stderr } = await runToEnd(process.execPath, [bootstrap, 'strat'])

  assert.equal(code, 1)
  assert.match(stderr, /Unknown command "strat"\. There are: start, dev, status, test/)
  assert.doesNotMatch(stderr, /\n\s+at /)
})
