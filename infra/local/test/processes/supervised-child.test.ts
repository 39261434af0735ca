import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { type ChildSpec, SupervisedChild } from '../../src/processes/supervised-child.ts'

function spec(t: TestContext, script: string, overrides: Partial<ChildSpec> = {}): ChildSpec {
  const dir = mkdtempSync(join(tmpdir(), 'botyard-child-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return {
    name: 'child',
    command: process.execPath,
    args: ['-e', script],
    cwd: dir,
    env: process.env,
    log: join(dir, 'child.log'),
    stopSignal: 'SIGTERM',
    stopTurn: 1,
    stopWithinMs: 10_000,
    isReady: async () => readFileSync(join(dir, 'child.log'), 'utf8').includes('up'),
    ...overrides,
  }
}

const quiet = { started() {}, crashed() {}, recovered() {} }
const idle = 'console.log("up"); setInterval(() => {}, 1000)'

test('a child that keeps crashing is started again after growing pauses', async t => {
  const pauses: number[] = []
  const thirdCrash = createLatch()
  const child = new SupervisedChild(spec(t, 'console.log("up"); setTimeout(() => process.exit(7), 100)'), {
    ...quiet,
    crashed(_, how, restartInMs) {
      assert.equal(how, 'exit code 7')
      if (pauses.push(restartInMs) === 3) thirdCrash.open()
    },
  })
  t.after(() => child.stop())

  await child.start()
  await thirdCrash.wait()

  assert.deepEqual(pauses, [250, 500, 1000])
})

test('a child that is stopped while it waits for its restart is not started again', async t => {
  const crashed = createLatch()
  let starts = 0
  const child = new SupervisedChild(spec(t, idle), {
    ...quiet,
    started: () => starts++,
    crashed: () => crashed.open(),
  })
  await child.start()
  process.kill(child.identity!.pid, 'SIGKILL')
  await crashed.wait()

  await child.stop()

  assert.equal(child.identity, undefined)
  assert.equal(starts, 1)
})

test('a child that does not heed its signal is killed after its time', async t => {
  const deaf = `process.on('SIGTERM', () => console.log('no')); ${idle}`
  const child = new SupervisedChild(spec(t, deaf, { stopWithinMs: 200 }), quiet)
  await child.start()
  const { pid } = child.identity!

  await child.stop()

  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})

test('a child that ends before it is ready fails the start with what it said last', async t => {
  const failing = `console.log(JSON.stringify({ level: 60, msg: 'cannot start', err: { message: 'no such host' } })); process.exit(1)`
  const child = new SupervisedChild(spec(t, failing), quiet)

  await assert.rejects(child.start(), /child did not start \(exit code 1\)[\s\S]*cannot start: no such host/)
})

test('a program that does not exist fails the start', async t => {
  const child = new SupervisedChild(spec(t, '', { command: '/no/such/program' }), quiet)

  await assert.rejects(child.start(), /child did not start \(spawn \/no\/such\/program ENOENT\)/)
})
