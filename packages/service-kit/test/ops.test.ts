import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import test, { type TestContext } from 'node:test'
import { createRegistry } from '../src/index.ts'
import { buildOps } from '../src/ops.ts'
import { capturedLog } from './captured-log.ts'

async function startOps(t: TestContext, ready: () => Promise<Record<string, boolean>>) {
  const { logger, lines } = capturedLog()
  const registry = createRegistry({ app: 'gateway' })
  const ops = await buildOps({ logger, registry, host: '127.0.0.1', port: 0, ready })
  t.after(() => ops.close())
  return { ops, registry, lines }
}

test('it listens, and is live without asking a dependency', async t => {
  const { ops } = await startOps(t, () => assert.fail('asked'))
  const { address, port } = ops.server.address() as AddressInfo

  const response = await fetch(`http://${address}:${port}/live`)

  assert.equal(response.status, 200)
})

test('it is ready when every check holds, else 503 with the checks', async t => {
  const checks = { redis: true, bots: true }
  const { ops } = await startOps(t, async () => checks)

  const before = await ops.inject('/ready')
  checks.redis = false
  const after = await ops.inject('/ready')

  assert.deepEqual(
    [before.statusCode, before.json()],
    [200, { ready: true, checks: { redis: true, bots: true } }],
  )
  assert.deepEqual(
    [after.statusCode, after.json()],
    [503, { ready: false, checks: { redis: false, bots: true } }],
  )
})

test('it is not ready when the check throws, and when it does not answer', async t => {
  const throwing = await startOps(t, async () => {
    throw new Error('redis://user:hunter2@host')
  })
  const silent = await startOps(t, () => new Promise(() => {}))

  const responses = await Promise.all([throwing.ops.inject('/ready'), silent.ops.inject('/ready')])

  for (const response of responses) {
    assert.equal(response.statusCode, 503)
    assert.deepEqual(response.json(), { ready: false, checks: { answered: false } })
  }
  assert.equal(throwing.lines[0]!.msg, 'ready check failed')
})

test('the metrics are those of the process and the event loop, labelled with the app', async t => {
  const { ops } = await startOps(t, async () => ({}))

  const response = await ops.inject('/metrics')

  assert.match(response.headers['content-type'] as string, /^text\/plain/)
  assert.match(response.body, /^process_resident_memory_bytes\{app="gateway"\} \d{7,}$/m)
  assert.match(response.body, /^botyard_event_loop_delay_seconds\{quantile="0.99",app="gateway"\} [\d.e-]+$/m)
})
