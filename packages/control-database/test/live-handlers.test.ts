import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, type TestContext, test } from 'node:test'
import { createRedis } from '@botyard/service-kit'
import { startRedis, type TestRedis } from '@botyard/testkit'
import { liveHandlers, reportHandlers } from '../src/index.ts'
import { logger } from './control-databases.ts'

let server: TestRedis
before(async () => {
  server = await startRedis()
})
after(() => server.stop())

test('a handler is live while a worker that has it lives, and no more when the last of them has ended', async t => {
  const redis = await openRedis(t)
  const [one, two] = [['echo', 'shop'], ['echo']].map(handlers => reportHandlers({ redis, handlers, logger }))
  await Promise.all([one!.told, two!.told])

  const both = await liveHandlers(redis)
  await one!.close()
  const left = await liveHandlers(redis)
  await two!.close()

  assert.deepEqual(Object.fromEntries(both), { echo: 2, shop: 1 })
  assert.deepEqual(Object.fromEntries(left), { echo: 1 })
  assert.deepEqual([...(await liveHandlers(redis))], [])
})

test('what a worker said is not live when its lease is over, though nobody withdrew it', async t => {
  const redis = await openRedis(t)
  const report = reportHandlers({ redis, handlers: ['echo'], logger })
  await report.told
  const [members] = await redis.keys('*:handlers:members')
  const [member] = await redis.zrange(members!, '0', '0')

  await redis.zadd(members!, 1, member!)

  assert.deepEqual([...(await liveHandlers(redis))], [])
  await report.close()
})

async function openRedis(t: TestContext) {
  const redis = createRedis({ url: server.url, logger, name: 'test', role: 'commands' })
  t.after(() => redis.disconnect())
  await once(redis, 'ready')
  return redis
}
