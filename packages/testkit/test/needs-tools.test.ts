import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsTools } from '../src/needs-tools.ts'

test('a test that needs a program runs where it is installed, and is skipped with the reason where it is not', t => {
  const { REQUIRE_TOOLS } = process.env
  t.after(() => {
    delete process.env.REQUIRE_TOOLS
    if (REQUIRE_TOOLS !== undefined) process.env.REQUIRE_TOOLS = REQUIRE_TOOLS
  })
  delete process.env.REQUIRE_TOOLS

  assert.deepEqual(needsTools('sh'), { skip: false })
  assert.deepEqual(needsTools('sh', 'no-such-program'), { skip: 'not installed: no-such-program' })

  process.env.REQUIRE_TOOLS = '1'
  assert.throws(() => needsTools('no-such-program'), /not installed: no-such-program/)
})
