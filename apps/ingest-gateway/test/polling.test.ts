import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import type { Bot } from '@botyard/control-database'
import type { DeliveryOutcome } from '@botyard/mailbox'
import { MailboxUnavailableError } from '@botyard/mailbox'
import { createUpdateBuilder, startBotApi } from '@botyard/platform-simulators'
import { createRedis } from '@botyard/service-kit'
import { startRedis, until } from '@botyard/testkit'
import { pino } from 'pino'
import { build } from './helper.ts'

async function setUp(t: TestContext) {
  const server = await startRedis()
  const api = await startBotApi()
  t.after(async () => {
    await api.close()
    await server.stop()
  })
  const polled: Bot = {
    id: 'polled',
    uid: 'polled',
    recreated: false,
    platform: 'telegram',
    handler: 'echo',
    credentials: { token: api.token, webhookSecret: 'unused', apiRoot: api.url },
    settings: { intake: 'polling' },
    version: 1,
    createdAt: new Date(0),
    updatedAt: new Date(0),
  }
  /** A gateway that polls; its bots may be changed. */
  async function start(
    deliver: () => Promise<DeliveryOutcome> = async () => 'accepted',
    bots = new Map([['polled', polled]]),
  ) {
    const redis = createRedis({
      url: server.url,
      logger: pino({ level: 'silent' }),
      name: 'test',
      role: 'commands',
    })
    await once(redis, 'ready')
    t.after(() => redis.disconnect())
    const deps = {
      redis: { commands: redis },
      bots: { get: (id: string) => bots.get(id), all: () => bots.values(), isUnreadable: () => false },
    }
    const gateway = await build(t, { deliver, deps })
    await gateway.app.listen({ port: 0, host: '127.0.0.1' })
    const textsOf = () => gateway.deliveries.map(delivery => gateway.open(delivery).update.text)
    return { ...gateway, redis, bots, textsOf }
  }
  const builder = createUpdateBuilder()
  const say = (text: string) => api.queue(builder.message({ chat: 7, text }))
  return { api, server, start, say, polled, builder }
}

test('a polled bot gets its updates in order, by the way that a webhook takes', async t => {
  const { api, start, say } = await setUp(t)
  for (let n = 1; n <= 250; n++) say(`m${n}`)

  const gateway = await start()
  await until(() => gateway.deliveries.length === 250)
  say('later')
  await until(() => api.unconfirmed.length === 0)

  assert.deepEqual(gateway.textsOf(), [...Array.from({ length: 250 }, (_, i) => `m${i + 1}`), 'later'])
  assert.match(gateway.deliveries[0]!.conversation, /^polled\/.{22}$/)
})

test('an update of a page follows the one before it of its conversation', async t => {
  const { api, start, say, builder } = await setUp(t)
  say('one')
  api.queue(builder.message({ chat: 8, text: 'other' }))
  for (const text of ['two', 'three']) say(text)

  const { deliveries } = await start()
  await until(() => api.unconfirmed.length === 0)

  const [one, , two] = deliveries.map(({ update }) => update)
  assert.deepEqual(
    deliveries.map(({ after }) => after),
    [undefined, undefined, one, two],
  )
})

test('the platform is told to forget an update only when it is stored', async t => {
  const { api, start, say } = await setUp(t)
  const outcomes: (DeliveryOutcome | Error)[] = [new MailboxUnavailableError(), 'backlog-full', 'accepted']
  const unconfirmed: number[] = []
  const gateway = await start(async () => {
    unconfirmed.push(api.unconfirmed.length)
    const outcome = outcomes.shift() ?? 'accepted'
    if (outcome instanceof Error) throw outcome
    return outcome
  })

  say('hello')
  await until(() => api.unconfirmed.length === 0)

  assert.deepEqual(unconfirmed, [1, 1, 1])
  assert.deepEqual(gateway.textsOf(), ['hello', 'hello', 'hello'])
})

test('one gateway polls at a time, and another takes over when it is gone without a word', async t => {
  const { start, say } = await setUp(t)
  const first = await start()
  say('one')
  await until(() => first.deliveries.length === 1)
  const second = await start()
  say('two')
  await until(() => first.deliveries.length === 2)

  // As after kill -9: the lease is neither renewed nor given up, and nobody asks any more.
  first.redis.disconnect()
  await until(() => first.logLines.some(line => line.msg === 'polling ends'))
  say('three')
  await until(() => second.deliveries.length === 1)

  assert.deepEqual([first.textsOf(), second.textsOf()], [['one', 'two'], ['three']])
})

test('a gateway that closes hands its bots on at once', async t => {
  const { start, say } = await setUp(t)
  const first = await start()
  say('one')
  await until(() => first.deliveries.length === 1)
  await first.app.close()
  assert.deepEqual(await first.redis.keys('*poll*'), [])
  const second = await start()
  say('two')
  await until(() => second.deliveries.some(delivery => second.open(delivery).update.text === 'two'))
})

test('a bot that is changed is polled anew, and one that polls no more is let alone', async t => {
  const { start, say, polled } = await setUp(t)
  const gateway = await start()
  say('one')
  await until(() => gateway.deliveries.length === 1)
  assert.match(
    await gateway.registry.metrics(),
    /^botyard_last_heard_seconds\{bot="polled",intake="polling"\} /m,
  )

  gateway.bots.set('polled', { ...polled, settings: {}, version: 2 })

  await until(() => gateway.logLines.some(line => line.msg === 'polling ends'))
  assert.doesNotMatch(await gateway.registry.metrics(), /^botyard_last_heard_seconds\{/m)
})
