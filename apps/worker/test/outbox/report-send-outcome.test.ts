import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import type { SendResult } from '@botyard/platforms'
import { createSendLimits, readBotHealth } from '@botyard/send-limits'
import { createNaming, createRedis } from '@botyard/service-kit'
import { startRedis } from '@botyard/testkit'
import { pino } from 'pino'
import { createReportSendOutcome } from '../../src/outbox/report-send-outcome.ts'

const sender = { id: 'bot', platform: 'slack', version: 1, tenant: undefined } as const
const probe = { granted: true, probe: true, atMs: 0, slotMs: 0, lateMs: 0 } as const

/** A bot whose credentials were refused, and what is known of it before and after its probe. */
async function probeWith(t: TestContext, result: SendResult) {
  const server = await startRedis()
  const logger = pino({ level: 'silent' })
  const redis = createRedis({ url: server.url, logger, name: 'test', role: 'commands' })
  t.after(async () => {
    redis.disconnect()
    await server.stop()
  })
  if (redis.status !== 'ready') await once(redis, 'ready')
  const limits = createSendLimits({ redis, naming: createNaming(randomBytes(32)) })
  const report = createReportSendOutcome({ limits, logger, metrics: { trouble: () => undefined } })
  await limits.unhealthy(sender, 'WRK_CREDENTIALS_REFUSED')
  const health = async () => (await readBotHealth(redis, [sender])).get(sender.id)

  const before = await health()
  await report(sender, [], probe, result, 0)
  return { before, after: await health() }
}

test('a message that never left says nothing of the credentials: they stay refused, since when they were', async t => {
  const { before, after } = await probeWith(t, {
    status: 'failed',
    blame: 'message',
    reason: 'not sent: OUT_TARGET_REFUSED',
    shown: false,
  })

  assert.ok(before)
  assert.deepEqual(after, before)
})

test('a message that left by an interaction says nothing of the credentials either', async t => {
  const { before, after } = await probeWith(t, { status: 'sent', messageId: '1', shown: false })

  assert.ok(before)
  assert.deepEqual(after, before)
})

test('a message that the platform refuses for its own sake shows that the credentials are good again', async t => {
  const { before, after } = await probeWith(t, {
    status: 'failed',
    blame: 'recipient',
    reason: 'answered 403',
  })

  assert.ok(before)
  assert.equal(after, undefined)
})
