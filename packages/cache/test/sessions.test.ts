import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createKeyring } from '@botyard/service-kit'
import { startRedis } from '@botyard/testkit'
import { createSessions } from '../src/index.ts'
import { keyring, naming, rig } from './rig.ts'

test('a session is kept, replaced and deleted, sealed and under a keyed name', async t => {
  const { client } = await rig(t)
  const sessions = createSessions({ redis: client, keyring, naming, ttlMs: 60_000 })

  const before = await sessions.get('chat-4711')
  await sessions.set('chat-4711', { step: 'text-4711' })
  const kept = await sessions.get('chat-4711')
  const [key, ...others] = await client.keys('botyard:session:*')
  const stored = await client.get(key!)
  await sessions.delete('chat-4711')

  assert.equal(before, undefined)
  assert.deepEqual(kept, { step: 'text-4711' })
  assert.deepEqual(others, [])
  assert.doesNotMatch(`${key} ${stored}`, /4711|step/)
  assert.equal(await sessions.get('chat-4711'), undefined)
})

test('each read and each write starts the time of a session anew', async t => {
  const { client } = await rig(t)
  const sessions = createSessions({ redis: client, keyring, naming, ttlMs: 60_000 })
  await sessions.set('sliding', 1)
  const [key] = await client.keys('botyard:session:*')
  const shorten = () => client.pexpire(key!, 5_000)

  await shorten()
  await sessions.get('sliding')
  const afterRead = await client.pttl(key!)
  await shorten()
  await sessions.set('sliding', 2)
  const afterWrite = await client.pttl(key!)

  assert.ok(afterRead > 50_000 && afterWrite > 50_000, `${afterRead} ${afterWrite}`)
  await sessions.set('sliding', undefined)
  assert.equal(await client.exists(key!), 0)
})

test('a session that no key opens, or that was moved, is none', async t => {
  const { client } = await rig(t)
  const ours = createSessions({ redis: client, keyring, naming, ttlMs: 60_000 })
  const foreign = createKeyring({ active: 'k2', keys: { k2: randomBytes(32).toString('base64') } })
  await createSessions({ redis: client, keyring: foreign, naming, ttlMs: 60_000 }).set('foreign', 1)
  await ours.set('a', 1)
  const keyOf = (text: string) => `botyard:session:${naming.cache('sessions', 'key', text)}`
  await client.copy(keyOf('a'), keyOf('b'))

  assert.equal(await ours.get('foreign'), undefined)
  assert.equal(await ours.get('b'), undefined)
  assert.equal(await ours.get('a'), 1)
})

test('while Redis is away a session is neither read nor written, and the caller is told so', async t => {
  const server = await startRedis()
  t.after(() => server.stop())
  const { client } = await rig(t, { server })
  const sessions = createSessions({ redis: client, keyring, naming, ttlMs: 60_000 })

  await server.kill()

  await assert.rejects(sessions.get('a'), { code: 'CCH_SESSIONS_UNAVAILABLE' })
  await assert.rejects(sessions.set('a', 1), { code: 'CCH_SESSIONS_UNAVAILABLE' })
  await assert.rejects(sessions.delete('a'), { code: 'CCH_SESSIONS_UNAVAILABLE' })
})
