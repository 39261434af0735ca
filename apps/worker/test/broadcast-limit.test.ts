import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createMailboxWriter } from '@botyard/mailbox'
import { encodeOutbound } from '@botyard/queue-contracts'
import { createKeyring } from '@botyard/service-kit'
import { createBotStore, createControlDatabase, migrateControl } from '@botyard/shard-routing'
import { freePort, startPostgres, startProcess } from '@botyard/testkit'
import { pino } from 'pino'
import { botOfSettings, rig, until } from './helper.ts'

const logger = pino({ level: 'silent' })

/** Counts as Telegram does: at most `most` calls in any second, 429 beyond. */
function slidingSecond(most: number) {
  const taken: number[] = []
  let refused = 0
  return {
    taken,
    get refused() {
      return refused
    },
    answer(): undefined | { status: number; retryAfter: number } {
      const now = performance.now()
      if (taken.length >= most && taken.at(-most)! > now - 1000) {
        refused++
        return { status: 429, retryAfter: 1 }
      }
      taken.push(now)
      return undefined
    },
  }
}

test('a broadcast by two worker processes provokes no 429, uses the limit, and holds up no reply of another bot', async t => {
  const namingKey = randomBytes(32)
  const { server, api, deliver, key, redis, naming, keyring } = await rig(t, { other: {}, bulk: {} }, { namingKey })
  const postgres = await startPostgres()
  t.after(() => postgres.stop())
  const keys = { active: 'k1', keys: { k1: key } }
  const db = createControlDatabase({ url: postgres.url, poolSize: 1, logger })
  await migrateControl(db, logger)
  const store = createBotStore(db, createKeyring(keys))
  for (const bot of ['other', 'bulk']) await store.insert({ ...botOfSettings(bot, api.url), handler: 'echo' })
  await db.destroy()
  const platform = slidingSecond(30)
  /** How much of the broadcast had left before each reply. */
  const replies: number[] = []
  api.answer(({ text }) => {
    if (text === 'to many') return platform.answer()
    replies.push(platform.taken.length)
    return undefined
  })
  const recipients = 230
  const outbox = createMailboxWriter({ redis, shards: 1, box: 'outbox' })
  t.after(() => outbox.close())
  for (let n = 0; n < 2; n++) {
    const child = await startProcess(new URL('../src/server.ts', import.meta.url).pathname, {
      env: {
        WORKER_OPS_HOST: '127.0.0.1',
        WORKER_OPS_PORT: String(await freePort()),
        REDIS_URL: server.url,
        CONTROL_DATABASE_URL: postgres.url,
        KEYRING: JSON.stringify(keys),
        NAMING_KEY: namingKey.toString('base64'),
        ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
        DURABILITY: 'relaxed',
        LOG_LEVEL: 'info',
      },
    })
    t.after(() => child.kill())
    await child.waitForLine('"msg":"ready"')
  }

  const released = Array.from({ length: recipients }, async (_, n) => {
    const id = `broadcast-b.${n}`
    const conversation = naming.conversation('bulk', 'telegram', String(n + 1))
    const message = encodeOutbound({
      ...{ id, bot: 'bulk', platform: 'telegram', conversation: String(n + 1), text: 'to many' },
      ...{ broadcast: { id: '00000000-0000-4000-8000-000000000000', n }, receivedAtMs: Date.now() },
    })
    const body = keyring.seal(message, `${conversation}|out`)
    await outbox.deliver({ conversation, update: naming.update('bulk', id), body, windowMs: 60_000 })
  })
  await Promise.all(released)
  await until(() => platform.taken.length >= 30)
  for (let chat = 1; chat <= 10; chat++) await deliver(chat, 'hello', { bot: 'other' })
  await until(() => platform.taken.length === recipients && replies.length === 10)

  // The first second is the start: all recipients are released and refused at once.
  const { taken, refused } = platform
  const perSecond = ((taken.length - 31) * 1000) / (taken.at(-1)! - taken[30]!)
  t.diagnostic(`${perSecond.toFixed(2)} a second, ${refused} refused, replies after ${replies} of the broadcast`)
  assert.equal(refused, 0)
  assert.ok(perSecond >= 0.925 * 30, `${perSecond} a second`)
  assert.ok(Math.max(...replies) < recipients / 2, `${replies}`)
})
