import assert from 'node:assert/strict'
import test from 'node:test'
import { forkChild } from '../../src/cluster/fork-child.ts'

test('a child whose program is gone ends with the error', async t => {
  const { execPath } = process
  t.after(() => {
    process.execPath = execPath
  })
  process.execPath = '/nowhere/node'

  const child = forkChild(import.meta.filename, 0)
  // As the primary does when it ends: not a signal to pid 0, which would end this test as well.
  child.kill()
  const { err, ...exit } = await child.exited

  assert.equal((err as NodeJS.ErrnoException).code, 'ENOENT')
  assert.deepEqual(exit, { code: null, signal: null })
  assert.equal(child.pid, 0)
})

test('a child that Node refuses to start by throwing ends with the error, too', async t => {
  t.after(() => process.argv.pop())
  // More than a single argument may be on any system: E2BIG is thrown, as ENOMEM is.
  process.argv.push('x'.repeat(4_000_000))

  const child = forkChild(import.meta.filename, 0)
  const { err, ...exit } = await child.exited

  assert.equal((err as NodeJS.ErrnoException).code, 'E2BIG')
  assert.deepEqual(exit, { code: null, signal: null })
  assert.equal(child.isServing, false)
  assert.equal(await child.ask('ready', 60_000), undefined)
})
