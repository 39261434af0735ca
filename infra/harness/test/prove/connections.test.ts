import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runConnections } from '../../src/prove/connections/run-connections.ts'

test('a short form: 2,000 connections to two processes, and every call is answered', async () => {
  const plan = { connections: 2_000, processes: 2, clients: 2, perSecond: 50, seconds: 2 }

  const { open, answered, errors } = await runConnections(plan, () => undefined)

  assert.deepEqual(errors, {})
  assert.equal(open, 2_000)
  assert.ok(answered >= 4_000, `${answered} calls were answered`)
})
