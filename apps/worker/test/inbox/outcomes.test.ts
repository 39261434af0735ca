import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeyring } from '@botyard/service-kit'
import { createLatch } from '@botyard/testkit'
import { Registry } from 'prom-client'
import { createMetrics } from '../../src/metrics.ts'
import { newKey, rig, until } from '../helper.ts'
import { releaseHold } from '../place-of.ts'

/** A worker's metrics, and how often `botyard_updates_handled_total` was counted by outcome so far. */
function counted() {
  const registry = new Registry()
  return {
    metrics: createMetrics(registry),
    async outcomes() {
      const { values } = await registry.getSingleMetric('botyard_updates_handled_total')!.get()
      return Object.fromEntries(
        values.map(({ labels, value }) => [`${labels.platform} ${labels.outcome}`, value]),
      )
    },
  }
}

test('a failed try, the last one and a success each count as what they are', async t => {
  const { metrics, outcomes } = counted()
  const { start, deliver, api, letters } = await rig(t, {
    bot: {
      settings: { tries: 2 },
      onMessage(ctx) {
        if (ctx.text === 'poison') throw new Error('no')
        ctx.reply(ctx.text)
      },
    },
  })
  await start({ metrics })

  await deliver(7, 'poison')
  await deliver(7, 'next')
  await until(() => api.sent.length === 1 && letters.length === 1)

  assert.deepEqual(await outcomes(), { 'telegram failed': 1, 'telegram dead': 1, 'telegram ok': 1 })
})

test('what waits for an operator counts as parked, what no key here opens as handed back', async t => {
  const { metrics, outcomes } = counted()
  const { start, deliver, parked, key } = await rig(t, {
    bot: {
      settings: { tries: 1, poison: 'park' },
      onMessage() {
        throw new Error('no')
      },
    },
  })
  const rotated = createKeyring({ active: 'k2', keys: { k1: key, k2: newKey() } })
  await start({ metrics })

  await deliver(7, 'poison')
  await deliver(8, 'hello', { keyring: rotated })
  await until(
    async () => (await parked('inbox', 7)) && (await outcomes())['telegram handed_back'] !== undefined,
  )

  const { 'telegram handed_back': times, ...rest } = await outcomes()
  assert.ok(times! >= 1)
  assert.deepEqual(rest, { 'telegram parked': 1 })
})

test('the mail of a bot that is gone counts as dead, of an unknown platform', async t => {
  const { metrics, outcomes } = counted()
  const { start, deliver, letters } = await rig(t, { bot: {} })
  await start({ metrics })

  await deliver(7, 'hello', { bot: 'gone' })
  await until(() => letters.length === 1)

  assert.deepEqual(await outcomes(), { 'unknown dead': 1 })
})

test('an update that a shutdown lets go counts as released', async t => {
  const { metrics, outcomes } = counted()
  const begun = createLatch()
  const { start, deliver } = await rig(t, {
    bot: {
      async onMessage(ctx) {
        begun.open()
        const { promise, reject } = Promise.withResolvers<void>()
        ctx.signal.addEventListener('abort', () => reject(new Error('whatever a library makes of it')))
        await promise
      },
    },
  })
  const worker = await start({ metrics })

  await deliver(7, 'hello')
  await begun.wait()
  await worker.close()

  assert.deepEqual(await outcomes(), { 'telegram released': 1 })
})

test('a handler that returns after its hold was lost counts as refused, not as ok', async t => {
  const { metrics, outcomes } = counted()
  const begun = createLatch()
  const gate = createLatch()
  const { start, deliver, redis, conversation, api } = await rig(t, {
    bot: {
      async onMessage(ctx) {
        begun.open()
        await gate.wait()
        ctx.reply(ctx.text)
      },
    },
  })
  await start({ metrics })

  await deliver(7, 'hello')
  await begun.wait()
  // As after a takeover: another process has it now.
  await releaseHold(redis, 'inbox', conversation(7))
  gate.open()
  await until(() => api.sent.length === 1)

  assert.deepEqual(await outcomes(), { 'telegram refused': 1, 'telegram ok': 1 })
})
