import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createNaming, createRedis } from '@botyard/service-kit'
import { startRedis } from '@botyard/testkit'
import { pino } from 'pino'
import { createSendLimits } from '../src/index.ts'
import { rate } from './rig.ts'

const sender = { id: 'bot', platform: 'telegram', version: 1 } as const

test('while Redis is away nothing is granted, and after its return all goes on', async t => {
  const server = await startRedis()
  const redis = createRedis({
    url: server.url,
    logger: pino({ level: 'silent' }),
    name: 'test',
    role: 'commands',
  })
  t.after(async () => {
    redis.disconnect()
    await server.stop()
  })
  const ready = () => new Promise<void>(resolve => void redis.once('ready', resolve))
  await ready()
  const limits = createSendLimits({ redis, naming: createNaming(Buffer.alloc(32, 1)) })
  const take = () => limits.take(sender, [rate('bot', 1000)], { asker: 'a' })
  const before = await take()

  await server.kill()
  await assert.rejects(take(), { code: 'OUT_LIMITS_UNAVAILABLE' })
  await Promise.all([ready(), server.restart()])
  const after = await take()

  assert.deepEqual([before.granted, after.granted], [true, true])
})

test('waiting for a slot ends with the reason of an abort', async t => {
  const server = await startRedis()
  const redis = createRedis({
    url: server.url,
    logger: pino({ level: 'silent' }),
    name: 'test',
    role: 'worker',
  })
  t.after(async () => {
    redis.disconnect()
    await server.stop()
  })
  const limits = createSendLimits({ redis, naming: createNaming(Buffer.alloc(32, 1)), aheadMs: 60_000 })
  const slow = rate('bot', 1, { periodMs: 30_000 })
  const stop = new AbortController()
  await limits.take(sender, [slow], { asker: 'a' })

  const taken = limits.take(sender, [slow], { asker: 'b', signal: stop.signal })
  stop.abort(new Error('enough'))

  await assert.rejects(taken, /enough/)
})
