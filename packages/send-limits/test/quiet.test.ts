import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Redis } from 'ioredis'
import { rate, rig } from './rig.ts'

const reply = [rate('bot', 10, { waits: false })]

test('replies under nothing but what the platform itself makes known ask Redis once, not each', async t => {
  const { limits, sender, redis } = await rig(t)
  const asked = countTakes(t, redis)

  for (let n = 0; n < 50; n++) assert.equal((await limits.take(sender, reply, { asker: 'a' })).granted, true)

  assert.equal(asked(), 1)
})

test('a rate that waits is asked for each time, and so is every message while a broadcast leaves', async t => {
  const { limits, sender, redis } = await rig(t)
  const asked = countTakes(t, redis)

  for (const bot of ['one', 'two'])
    await limits.take({ ...sender, id: bot }, [rate('bot', 1000)], { asker: 'a' })
  await limits.take(sender, [rate('bot', 10)], { asker: 'bulk', bulk: true })
  for (let n = 0; n < 5; n++) await limits.take(sender, reply, { asker: 'a' })

  assert.equal(asked(), 2 + 1 + 5)
})

test('what left without asking is charged by the next look', async t => {
  const { limits, sender } = await rig(t)
  for (let n = 0; n < 8; n++) await limits.take(sender, reply, { asker: 'a' })
  await limits.pause(sender, [{ name: 'other', ms: 1 }])
  await limits.take(sender, reply, { asker: 'a' })

  const bulk = await limits.take(sender, [rate('bot', 10)], { asker: 'bulk', bulk: true })

  // Nine replies at ten a second: the broadcast waits for all of them.
  assert.equal(!bulk.granted && bulk.afterMs, 900)
})

test('a pause or refused credentials that this process learns of hold at once', async t => {
  const { limits, sender } = await rig(t)
  const limited = [...reply, { kind: 'pause', name: 'token' } as const]
  assert.equal((await limits.take(sender, limited, { asker: 'a' })).granted, true)

  await limits.pause(sender, [{ name: 'token', ms: 5_000 }])
  assert.equal((await limits.take(sender, limited, { asker: 'a' })).granted, false)
  const other = { ...sender, id: 'other' }
  await limits.take(other, reply, { asker: 'a' })
  await limits.unhealthy(other, 'REFUSED')
  assert.equal((await limits.take(other, reply, { asker: 'a' })).granted, false)
})

function countTakes(t: TestContext, redis: Redis): () => number {
  const take = t.mock.method(redis, 'limitsTake')
  return () => take.mock.callCount()
}
