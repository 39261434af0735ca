import assert from 'node:assert/strict'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { startProcess } from '@botyard/testkit'

test('after the start, sending through the guard, the ops routes and the log read no file synchronously', async () => {
  const file = fileURLToPath(new URL('call-and-log-process.ts', import.meta.url))
  const child = await startProcess(file, { nodeOptions: ['--trace-sync-io', '--stack-trace-limit=50'] })

  const { code } = await child.exited

  const ready = child.lines.findIndex(line => line.includes('"msg":"ready"'))
  assert.equal(code, 0)
  assert(ready >= 0)
  assert.deepEqual(
    child.lines.slice(ready + 1).filter(line => !line.startsWith('{')),
    [],
  )
})
