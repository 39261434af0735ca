import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('log-broken-process.ts', import.meta.url))

for (const how of ['full', 'broken'] as const) {
  test(`a log on a ${how === 'full' ? 'full disk' : 'broken pipe'} stops neither the process nor its exit, and its lines are counted`, async () => {
    const child = spawn(process.execPath, [script, how], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()

    await once(child.stderr, 'data')
    child.kill('SIGTERM')
    const [code, signal] = await once(child, 'exit')

    assert.deepEqual([code, signal], [0, null])
  })
}
