import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { createMailboxWriter } from '@botyard/mailbox'
import { createRedis } from '@botyard/service-kit'
import { startRedis } from '@botyard/testkit'
import { pino } from 'pino'
import { build, telegramCall } from './helper.ts'

/** The gateway on a real mailbox in a Redis of its own. */
async function buildOnRedis(t: { after(hook: () => unknown): void }) {
  const server = await startRedis({ appendfsync: 'always' })
  const logger = pino({ level: 'silent' })
  const redis = createRedis({ url: server.url, logger, name: 'test', role: 'commands' })
  if (redis.status !== 'ready') await once(redis, 'ready')
  const mailbox = createMailboxWriter({ redis, partitions: 2 })
  t.after(async () => {
    await mailbox.close()
    redis.disconnect()
    await server.stop()
  })
  const gateway = await build(t, {
    deliver: mailbox.deliver,
    deps: { redis: { commands: redis } },
    options: { timeoutMs: 500 },
  })
  return { ...gateway, server, redis }
}

test('a redelivered update is told from a first one, with the same answer', async t => {
  const { app, logLines } = await buildOnRedis(t)

  const answers = [
    await app.inject(telegramCall(1)),
    await app.inject(telegramCall(1)),
    await app.inject(telegramCall(2)),
  ]

  assert.deepEqual(
    answers.map(({ statusCode, body }) => [statusCode, body]),
    Array(3).fill([200, '{"ok":true}']),
  )
  assert.deepEqual(
    logLines.map(({ outcome }) => outcome),
    ['accepted', 'duplicate', 'accepted'],
  )
})

test('while Redis is gone the answer is 503; when it is back, 200 by itself, and nothing is doubled', async t => {
  const { app, server, redis, logLines } = await buildOnRedis(t)
  await app.inject(telegramCall(1))

  // Not `once`, which rejects at the errors of the tries before.
  const back = new Promise(resolve => redis.once('ready', resolve))
  await server.kill()
  const away = await app.inject(telegramCall(2))
  await server.restart()
  await back
  const known = await app.inject(telegramCall(1))
  const fresh = await app.inject(telegramCall(2))

  assert.deepEqual([away.statusCode, known.statusCode, fresh.statusCode], [503, 200, 200])
  assert.deepEqual(
    logLines.map(({ outcome }) => outcome),
    ['accepted', undefined, 'duplicate', 'accepted'],
  )
})

test('while Redis hangs the answer is 503 in time, and the redelivery is answered 200', async t => {
  const { app, server } = await buildOnRedis(t)
  await app.inject(telegramCall(1))

  server.pause()
  const hanging = await app.inject(telegramCall(2))
  server.resume()
  await server.waitUntilReady()
  const again = await app.inject(telegramCall(2))

  assert.deepEqual([hanging.statusCode, again.statusCode], [503, 200])
})

test('a Redis that is out of memory is answered 503, and 200 as soon as there is room', async t => {
  const { app, redis } = await buildOnRedis(t)
  await app.inject(telegramCall(1))

  await redis.config('SET', 'maxmemory', '1')
  const full = await app.inject(telegramCall(2))
  await redis.config('SET', 'maxmemory', '0')
  const roomy = await app.inject(telegramCall(2))

  assert.deepEqual([full.statusCode, roomy.statusCode], [503, 200])
})
