import assert from 'node:assert/strict'
import { randomBytes, randomInt } from 'node:crypto'
import { test } from 'node:test'
import { until } from '../helper.ts'
import { dumpFiles, dumpMemory } from '../inbox/dump-redis.ts'
import { dataRigs } from './data-rig.ts'

const build = dataRigs()

test('a session lives on while it is used, and ends when it is not', async t => {
  const { open, redis } = await build(t)
  const { of } = await open({ sessionTtlMs: 50_000 })
  const { session } = of()

  await session.set({ asked: 'name' })
  const key = (await redis.keys('botyard:session:*'))[0]!
  await redis.pexpire(key, 10_000)
  assert.deepEqual(await session.get(), { asked: 'name' })
  assert.ok((await redis.pttl(key)) > 10_000)

  await redis.pexpire(key, 1)
  // Not by a look at the session, which would begin its time anew.
  await until(async () => (await redis.exists(key)) === 0)
  assert.equal(await session.get(), undefined)
  await session.set(1)
  await session.clear()
  assert.equal(await session.get(), undefined)
})

test('a session is of one user in one conversation with one bot', async t => {
  const { open } = await build(t)
  const { of } = await open()

  await of().session.set('mine')

  assert.equal(await of().session.get(), 'mine')
  for (const other of [{ user: '8' }, { conversation: '8' }, { bot: 'second' }, { user: undefined }]) {
    assert.equal(await of(other).session.get(), undefined)
  }
})

test("a command's result is made once for all users of a bot, in all workers, until it is forgotten", async t => {
  const { open } = await build(t)
  const [one, other] = [await open(), await open()]
  let calls = 0
  const rates = (data: { cache: ReturnType<typeof one.of>['cache'] }) =>
    data.cache.remember('rates', { ttl: 60_000 }, () => ({ usd: ++calls }))

  assert.deepEqual(await Promise.all([rates(one.of()), rates(one.of({ user: '8' }))]), [
    { usd: 1 },
    { usd: 1 },
  ])
  assert.deepEqual(await rates(other.of()), { usd: 1 })
  assert.deepEqual(await rates(one.of({ bot: 'second' })), { usd: 2 })
  await other.of().cache.forget('rates')
  assert.deepEqual(await rates(one.of()), { usd: 3 })
})

test('Redis holds nothing of profiles, sessions and results in clear, and no id', async t => {
  const { open, redis, server, start, deliver, api } = await build(t, {
    bot: {
      async onMessage(ctx) {
        await ctx.user.update({ said: ctx.text })
        await ctx.session.set(ctx.text)
        await ctx.state.conversation.set('said', ctx.text)
        await ctx.cache.remember(`of ${ctx.text}`, { ttl: 60_000 }, () => ctx.text)
        await ctx.user.get()
        ctx.reply('noted')
      },
    },
  })
  const { openData } = await open()
  await start({ openData })
  const user = String(randomInt(10 ** 13, 2 ** 47))
  const chat = randomInt(10 ** 13, 2 ** 47)
  const text = randomBytes(12).toString('hex')

  await deliver(chat, text, { user })
  await until(() => api.sent.length === 1)
  const { bytes } = await dumpMemory(redis)
  const files = await dumpFiles(server.dir)

  for (const prefix of ['botyard:session:', 'botyard:cache:{profiles}:', 'botyard:cache:{results}:']) {
    assert.ok(bytes.includes(prefix), prefix)
  }
  for (const secret of [user, String(chat), text]) {
    assert.equal(bytes.includes(secret), false, `${secret} lies in Redis's memory`)
    assert.equal(files.includes(secret), false, `${secret} lies in Redis's files`)
  }
})
