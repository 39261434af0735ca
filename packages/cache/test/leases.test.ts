import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rig, servedFromMemory, until } from './rig.ts'

const keep = { ttlMs: 60_000 }

test('a process that hears no changes serves nothing from memory once its lease has ended, which the writer waits for', async t => {
  const { open } = await rig(t)
  const [writer, deaf] = [await open(), await open()]
  await Promise.all([writer.leased(), deaf.leased()])
  await deaf.remember('key', keep, () => 'old')
  assert.equal(await servedFromMemory(deaf, 'key'), 'old')

  deaf.subscriber.disconnect()
  await writer.invalidate({ keys: ['key'] })

  assert.equal(await deaf.remember('key', keep, () => 'new'), 'new')
})

test('a process that is forgotten begins anew when it is back', async t => {
  const { open, client, stateKey } = await rig(t)
  const [writer, absent] = [await open(), await open()]
  await Promise.all([writer.leased(), absent.leased()])
  const members = async () => {
    return Object.keys(await client.hgetall(await stateKey())).filter(field => field.startsWith('b:')).length
  }
  await absent.remember('key', keep, () => 'old')

  absent.subscriber.disconnect()
  await writer.invalidate({ keys: ['key'] })
  await until(async () => {
    await writer.invalidate({ keys: ['other'] })
    return (await members()) === 1
  })
  await absent.subscriber.connect()
  await absent.leased()

  assert.equal(await members(), 2)
  assert.equal(await absent.remember('key', keep, () => 'new'), 'new')
})

test('a process that closes is not waited for', async t => {
  const { open, client, stateKey } = await rig(t, { leaseMs: 60_000 })
  const [writer, leaving] = [await open(), await open()]
  await Promise.all([writer.leased(), leaving.leased()])
  // As after a minute: leases of earlier generations have ended.
  await client.hset(await stateKey(), 'k', 1)

  await leaving.close()

  // Within the time of a test, which a lease is longer than.
  await writer.invalidate({ keys: ['key'] })
})
