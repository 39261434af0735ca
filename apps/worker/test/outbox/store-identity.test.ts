import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createBotDirectory,
  createBotStore,
  createControlDatabase,
  migrateControl,
} from '@botyard/control-database'
import { announceBotChange } from '@botyard/control-database/notices'
import { createKeyring, createRedis } from '@botyard/service-kit'
import { startPostgres, startRedis, until } from '@botyard/testkit'
import { pino } from 'pino'
import { createStoreIdentity } from '../../src/outbox/store-identity.ts'
import { newKey } from '../helper.ts'

const logger = pino({ level: 'silent' })

test('what a send told of a bot is in every process once it is stored, and is stored once', async t => {
  const [postgres, server] = await Promise.all([startPostgres(), startRedis()])
  const db = createControlDatabase({ url: postgres.url, poolSize: 4, logger })
  await migrateControl(db, logger)
  const store = createBotStore(db, createKeyring({ active: 'k1', keys: { k1: newKey() } }))
  await store.insert({ id: 'shop', platform: 'github', handler: 'echo', credentials: {}, settings: {} })
  const open = (role: 'commands' | 'subscriber') =>
    createRedis({ url: server.url, logger, name: 'test', role })
  const clients = [open('subscriber'), open('commands'), open('commands')] as const
  const [subscriber, commands, redis] = clients
  const gateway = createBotDirectory({ store, redis: subscriber, commands, logger, pollMs: 1_000_000 })
  t.after(async () => {
    await gateway.close()
    for (const client of clients) client.disconnect()
    await db.destroy()
    await Promise.all([postgres.stop(), server.stop()])
  })
  await until(() => clients.every(({ status }) => status === 'ready'))
  await gateway.whenReady()
  // It has joined once an announcement finds somebody who has not acknowledged it.
  await until(
    async () => (await announceBotChange({ redis, change: 1_000, timeoutMs: 0 })).status === 'unacknowledged',
  )
  const storeIdentity = createStoreIdentity({ store, redis, logger })

  // Two workers learn it at the same time.
  const bot = { id: 'shop', version: 1 }
  const outcomes = await Promise.all([storeIdentity(bot, { user: '77' }), storeIdentity(bot, { user: '77' })])

  assert.deepEqual(outcomes.sort(), ['changed', 'superseded'])
  assert.deepEqual(gateway.get('shop')?.identity, { user: '77' })
  assert.equal(await store.lastChange(), 2)
})
