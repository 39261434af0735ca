import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSendLimits } from '@botyard/send-limits'
import { createNaming } from '@botyard/service-kit'
import { Registry } from 'prom-client'
import { createMetrics } from '../../src/metrics.ts'
import { rig, until } from '../helper.ts'

test('an interrupted reply is marked uncertain once, when it is sent again, however often it must wait', async t => {
  const answering = { onMessage: (ctx: { text: string; reply(text: string): void }) => ctx.reply(ctx.text) }
  const { start, deliver, api, redis, conversation } = await rig(t, { bot: answering })
  const registry = new Registry()
  const limits = createSendLimits({ redis, naming: createNaming(Buffer.alloc(32)) })
  let looks = 0
  const sendLimits: typeof limits = {
    ...limits,
    take: async (...asked) =>
      ++looks <= 4 ? { granted: false, afterMs: 50, name: 'x', kind: 'rate' } : limits.take(...asked),
  }
  let calls = 0
  api.answer(() => (++calls <= 2 ? { status: 429, retryAfter: 1 } : undefined))
  // What a takeover writes of a reply whose process died.
  const key = '{p0}:mb:outbox:trouble'
  await redis.hset(key, conversation(7), '0 0 0 1 0 0 0')
  await start({ sendLimits, metrics: createMetrics(registry) })

  await deliver(7, 'a')
  await until(() => api.sent.length === 1)
  await until(async () => (await redis.exists('{p0}:mb:outbox:delayed')) === 0)

  const { values } = await registry.getSingleMetric('botyard_sends_total')!.get()
  const outcomes = Object.fromEntries(values.map(({ labels, value }) => [labels.outcome, value]))
  assert.ok(looks > 4)
  assert.deepEqual(outcomes, { limited: 2, uncertain: 1, sent: 1 })
})
