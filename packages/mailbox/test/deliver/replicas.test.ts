import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startFaultyLink, startRedis, until } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { createMailboxWriter } from '../../src/index.ts'
import { startReplica, untilInStep } from '../replica.ts'
import { update } from '../rig.ts'

test('with DURABLE_REPLICAS an update is promised only when a replica has it, a frozen one does not count', async t => {
  const { replica, writer } = await startReplicated(t)

  assert.equal(await writer.deliver(update('bot/a', 1)), 'accepted')
  replica.pause()
  await assert.rejects(writer.deliver(update('bot/a', 2)), { code: 'MBX_UNAVAILABLE' })
  replica.resume()

  // Stored on the primary all the while: its redelivery is a duplicate, and promised now.
  assert.equal(await writer.deliver(update('bot/a', 2)), 'duplicate')
})

test('an update that its primary took with it is not promised by the next one', async t => {
  const settings = ['--repl-diskless-sync-delay', '0']
  const primary = await startRedis({ extra: settings })
  const replication = await startFaultyLink(primary.port)
  const next = await startRedis({
    extra: [...settings, '--replicaof', '127.0.0.1', String(replication.port)],
  })
  const third = await startRedis({ extra: [...settings, '--replicaof', '127.0.0.1', String(next.port)] })
  const link = await startFaultyLink(primary.port)
  // A client that sends everything again, as those of workers do.
  const redis = new Redis(link.url(primary.url), { maxRetriesPerRequest: null, retryStrategy: () => 20 })
  redis.on('error', () => undefined)
  const admins = [primary, next].map(server => new Redis(server.url))
  const [old, promoted] = admins as [Redis, Redis]
  for (const admin of admins) admin.on('error', () => undefined)
  const writer = createMailboxWriter({ redis, partitions: 1, replicas: 1, replicaTimeoutMs: 20_000 })
  t.after(async () => {
    await writer.close()
    for (const client of [redis, ...admins]) client.disconnect()
    for (const each of [link, replication]) await each.close()
    for (const server of [third, next, primary]) await server.stop()
  })
  for (const admin of admins)
    await until(async () => (await admin.info('replication')).includes('state=online'))
  assert.equal(await writer.deliver(update('bot/a', 1)), 'accepted')

  replication.halfOpen({ alsoNew: true })
  const delivered = assert.rejects(writer.deliver(update('bot/a', 2)), { code: 'MBX_UNAVAILABLE' })
  await until(async () => (await old.llen('{p0}:mb:inbox:m:bot/a')) === 2)
  link.refuse()
  await promoted.replicaof('NO', 'ONE')
  link.leadTo(next.port)
  link.heal()
  await delivered

  assert.equal(await promoted.llen('{p0}:mb:inbox:m:bot/a'), 1)
  assert.equal(await writer.deliver(update('bot/a', 2)), 'accepted')
  assert.equal(await promoted.llen('{p0}:mb:inbox:m:bot/a'), 2)
})

test('a script that Redis has forgotten is confirmed as any other: a frozen replica does not count', async t => {
  const { replica, redis, writer } = await startReplicated(t)
  assert.equal(await writer.deliver(update('bot/a', 1)), 'accepted')

  await redis.script('FLUSH')
  await untilInStep(redis)
  replica.pause()
  await assert.rejects(writer.deliver(update('bot/a', 2)), { code: 'MBX_UNAVAILABLE' })
  replica.resume()

  await redis.script('FLUSH')
  assert.equal(await writer.deliver(update('bot/a', 3)), 'accepted')
})

test('a Redis that has been started anew is told the script before the first batch: none is sent twice', async t => {
  const { redis, writer } = await startReplicated(t)
  assert.equal(await writer.deliver(update('bot/a', 1)), 'accepted')
  await redis.script('FLUSH')
  await redis.config('RESETSTAT')

  await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await until(async () => (await writer.deliver(update('bot/a', 2)).catch(() => 'not yet')) !== 'not yet')

  assert.doesNotMatch(await redis.info('commandstats'), /^cmdstat_eval:/m)
})

/** A primary with a replica, and a writer that waits for it. */
async function startReplicated(t: TestContext) {
  const primary = await startRedis()
  const redis = new Redis(primary.url)
  const writer = createMailboxWriter({ redis, partitions: 1, replicas: 1, replicaTimeoutMs: 2_000 })
  const replica = await startReplica(t, primary, redis)
  t.after(async () => {
    await writer.close()
    redis.disconnect()
    await primary.stop()
  })
  return { replica, redis, writer }
}
