import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { NoUserError } from '@botyard/bot-kit'
import { until } from '../helper.ts'
import { dataRigs } from './data-rig.ts'

const build = dataRigs()
const oneMore = ({ visits = 0 }) => ({ visits: visits + 1 })

test('a user whose first updates come at once in several chats is made once, and each of them counts', async t => {
  const { start, deliver, open, api, shard, userOn } = await build(t, {
    bot: { onMessage: async ctx => ctx.reply(`visit ${(await ctx.user.update(oneMore)).visits}`) },
  })
  const { openData } = await open()
  const user = userOn(0)
  await start({ openData })

  await Promise.all(Array.from({ length: 10 }, (_, chat) => deliver(chat + 1, 'hello', { user })))
  await until(() => api.sent.length === 10)

  const rows = await shard(0)
    .selectFrom('users')
    .select(['profile', 'version'])
    .where('user_id', '=', user)
    .execute()
  assert.deepEqual(rows, [{ profile: { visits: 10 }, version: 11n }])
  assert.equal(new Set(api.sent.map(({ text }) => text)).size, 10)
})

test('a change that somebody made meanwhile is seen, and theirs stays', async t => {
  const { open, shard, userOn } = await build(t)
  const { of, writes } = await open()
  const { user } = of({ user: userOn(0) })
  const seen: unknown[] = []

  await user.get()
  // Behind the cache: as if it had come between the look and the write.
  const theirs = { profile: '{"name":"Ada"}', version: 2 }
  await shard(0).updateTable('users').set(theirs).where('user_key', '=', user.key).execute()
  const profile = await user.update(known => {
    seen.push(known)
    return oneMore(known)
  })

  assert.deepEqual(profile, { name: 'Ada', visits: 1 })
  assert.deepEqual(seen, [{}, { name: 'Ada' }])
  assert.deepEqual(await writes(), { 'profile conflict': 1, 'profile done': 1 })
})

test('an update that is tried again after its writes changes nothing a second time', async t => {
  const { start, deliver, open, api, userOn } = await build(t, {
    bot: {
      async onMessage(ctx) {
        const { visits } = await ctx.user.update(oneMore)
        const mine = await ctx.state.user.update<number>('count', (n = 0) => n + 1)
        const ours = await ctx.state.conversation.update<number>('count', (n = 0) => n + 1)
        await ctx.state.user.set('last', ctx.attempt)
        if (ctx.attempt === 1) throw new Error('died between the commit and the settle')
        ctx.reply([visits, mine, ours, await ctx.state.user.get('last')].join(' '))
      },
    },
  })
  const { openData, writes } = await open()
  await start({ openData })

  const user = userOn(0)
  await deliver(7, 'hello', { user })
  await deliver(7, 'again', { user })
  await until(() => api.sent.length === 2)

  assert.deepEqual(api.textsOf(7), ['1 1 1 1', '2 2 2 1'])
  assert.deepEqual(await writes(), {
    ...{ 'profile done': 2, 'profile repeated': 2 },
    ...{ 'state done': 6, 'state repeated': 6 },
  })
})

test('a profile that one worker changed is seen by another at once, though it had it in memory', async t => {
  const { open, userOn } = await build(t)
  const [one, other] = [await open(), await open()]
  const user = userOn(1)

  for (let visits = 1; visits <= 20; visits++) {
    await other.of({ user }).user.get()
    await one.of({ user }).user.update(oneMore)

    assert.deepEqual(await other.of({ user }).user.get(), { visits })
  }
})

test('a property that is undefined is removed, and what Postgres cannot hold is replaced', async t => {
  const { open, userOn } = await build(t)
  const { user } = (await open()).of({ user: userOn(0) })

  await user.update({ name: 'A\0da', mood: '\uD83D', mail: 'a@b' })
  await user.update({ mail: undefined })

  assert.deepEqual(await user.get(), { name: 'A\uFFFDda', mood: '\uFFFD' })
  await assert.rejects(user.update({ born: new Date(0) }), { code: 'BOT_DATA', message: /born is a Date/ })
})

test('bots of one scope share their users, others do not', async t => {
  const { open, userOn } = await build(t)
  const { of } = await open()
  const user = userOn(0)

  await of({ user, bot: 'bot' }).user.update({ name: 'Ada' })

  assert.deepEqual(await of({ user, bot: 'second' }, { settings: { userScope: 'bot' } }).user.get(), {
    name: 'Ada',
  })
  assert.deepEqual(await of({ user, bot: 'second' }).user.get(), {})
})

test('without a user there is nobody to remember, but the conversation', async t => {
  const { open } = await build(t)
  const data = (await open()).of({ user: undefined })

  for (const ask of [() => data.user, () => data.state.user, () => data.db]) assert.throws(ask, NoUserError)
  await assert.rejects(
    data.transaction(async () => 1),
    { code: 'BOT_NO_USER', message: /ctx.update.user first/ },
  )
  await assert.rejects(
    data.onceInDb('step', () => 1),
    NoUserError,
  )
  await data.state.conversation.set('posts', 1)
  await data.session.set('draft')

  assert.deepEqual([await data.state.conversation.get('posts'), await data.session.get()], [1, 'draft'])
})

test('who has lost the conversation writes nothing more', async t => {
  const { open } = await build(t)
  const { of } = await open()
  const lost = new AbortController()
  const data = of({}, { signal: lost.signal })
  await data.user.update({ name: 'Ada' })
  lost.abort(new Error('lost'))

  const tries = [
    () => data.user.update({ name: 'Eve' }),
    () => data.state.user.set('a', 1),
    () => data.state.conversation.update('a', () => 1),
    () => data.session.set(1),
    () => data.onceInDb('step', () => 1),
    () => data.transaction(async () => 1),
  ]
  for (const attempt of tries) await assert.rejects(attempt(), { message: 'lost' })

  assert.deepEqual(await of().user.get(), { name: 'Ada' })
  assert.equal(await of().state.user.get('a'), undefined)
})

test("a conversation's state is the same for all of its users, wherever they live", async t => {
  const { open, userOn } = await build(t)
  const { of } = await open()

  await Promise.all(
    ([0, 1] as const).flatMap(shard =>
      [0, 1, 2].map(() =>
        of({ user: userOn(shard) }, { hash: randomBytes(16) }).state.conversation.update<number>(
          'count',
          (count = 0) => count + 1,
        ),
      ),
    ),
  )

  assert.equal(await of().state.conversation.get('count'), 6)
  assert.equal(await of({ conversation: '8' }).state.conversation.get('count'), undefined)
})
