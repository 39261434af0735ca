import assert from 'node:assert/strict'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { startProcess } from '@botyard/testkit'

const run = (how: string) =>
  startProcess(fileURLToPath(new URL('run-and-wait-process.ts', import.meta.url)), { args: [how] })

test('a signal closes once, and the process exits with 0', async () => {
  const child = await run('well')
  await child.waitForLine('ready')

  const { code, signal } = await child.kill('SIGTERM')

  assert.deepEqual([code, signal], [0, null])
  assert.deepEqual(
    child.lines.map(line => JSON.parse(line).msg),
    ['ready', 'closing', 'close is called', 'closed'],
  )
})

test('an error that nobody caught closes too, is logged, and the process exits with 1', async () => {
  const child = await run('throw')

  const { code } = await child.exited

  assert.equal(code, 1)
  const lines = child.lines.map(line => JSON.parse(line))
  assert.deepEqual(
    lines.map(line => line.msg),
    ['ready', 'uncaught error', 'close is called', 'closed'],
  )
  assert.equal(lines[1].err.message, 'as told')
})

test('a close that fails or takes too long ends in an exit with 1 that says so', async () => {
  for (const [how, message] of [
    ['fail', /as told/],
    ['hang', /close took too long/],
  ] as const) {
    const child = await run(how)
    await child.waitForLine('ready')

    const { code } = await child.kill('SIGTERM')

    assert.equal(code, 1)
    assert.match(child.lines.at(-1)!, message)
  }
})

test('a hang-up ends nothing', async () => {
  const child = await run('well')
  await child.waitForLine('ready')

  process.kill(child.pid, 'SIGHUP')
  await child.waitForLine('SIGHUP changes nothing')
  const { code } = await child.kill('SIGTERM')

  assert.equal(code, 0)
})
