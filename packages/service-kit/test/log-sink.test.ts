import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('log-broken-process.ts', import.meta.url))
const lastWords = fileURLToPath(new URL('log-and-end-process.ts', import.meta.url))

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

test('lines that are under way when the process exits are whole, and none is missing', async () => {
  // Several, because the system decides whose turn it is when the pipe has room again.
  for (const lines of await Promise.all([1, 2, 3, 4].map(lastLines)))
    assert.deepEqual(
      lines.map(line => JSON.parse(line).n).sort((a, b) => a - b),
      [...Array(3_000).keys()],
    )
})

/** All that a process logs whose pipe nobody reads before it has come to its end, so that it is full then. */
async function lastLines(): Promise<string[]> {
  const child = spawn(process.execPath, [lastWords, 'exit'], { stdio: ['ignore', 'pipe', 'pipe'] })
  await once(child.stderr, 'data')
  return Array.fromAsync(createInterface({ input: child.stdout }))
}
