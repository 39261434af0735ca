import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@botyard/testkit'
import fc from 'fast-check'
import { createSendLimits } from '../src/index.ts'
import { botBase } from '../src/keys.ts'
import { rate, rig } from './rig.ts'

test('a rate grants exactly what GCRA does, and tells exactly when it will', async t => {
  const { limits, sender, pass } = await rig(t)
  const steps = fc.array(fc.double({ min: 0, max: 900, noNaN: true }), { minLength: 1, maxLength: 40 })
  let run = 0

  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 5 }),
      async (gaps, count, burst) => {
        const limit = rate(`r${run++}`, count, { burst })
        const interval = 1000 / count
        let clock = 0
        let tat = Number.NEGATIVE_INFINITY
        for (const gap of gaps.map(Math.round)) {
          await pass(gap)
          clock += gap
          const due = tat - (burst - 1) * interval
          const answer = await limits.take(sender, [limit], { asker: 'a' })
          // Redis keeps thousandths of a millisecond.
          if (Math.abs(due - clock) < 0.01) return
          assert.equal(answer.granted, due <= clock)
          if (answer.granted) tat = Math.max(tat, clock) + interval
          else assert.ok(Math.abs(answer.afterMs - (due - clock)) <= 1.01)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('whatever asks whenever, no window of time sees more than the burst and the rate', async t => {
  const { redis, sender, pass } = await rig(t)
  const asks = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 9 }), fc.boolean()),
    {
      minLength: 20,
      maxLength: 80,
    },
  )
  let run = 0

  await fc.assert(
    fc.asyncProperty(asks, fc.integer({ min: 1, max: 4 }), async (calls, burst) => {
      const interval = 40
      const name = `w${run++}`
      const sentAt: number[] = []
      for (const [gap, asker, bulk] of calls) {
        await pass(gap)
        const limit = ['rate', name, interval, burst, 1000, 1]
        const answer = await redis.limitsTake(
          botBase(sender.id),
          1,
          '',
          `a${asker}`,
          bulk ? 1 : 0,
          100,
          ...limit,
        )
        if (answer[0] === 1) sentAt.push(Number(answer[1]) + Number(answer[2]))
      }
      for (const [i, from] of sentAt.entries()) {
        for (let j = i; j < sentAt.length; j++) {
          const within = burst + (sentAt[j]! - from) / interval
          assert.ok(j - i + 1 <= within + 0.01, `${j - i + 1} in ${sentAt[j]! - from} ms, burst ${burst}`)
        }
      }
    }),
    { numRuns: 40 },
  )
})

/**
 * Plays chats that always have more to send, come back up to `jitterMs` later than they are told, over a
 * minute of the clock.
 */
async function flood(
  t: Parameters<typeof rig>[0],
  options: { chats: number; perSecond: number; jitterMs: number },
) {
  const { redis, sender, at, now: begun } = await rig(t)
  const random = createRandom(7)
  const interval = 1000 / options.perSecond
  const chats = Array.from({ length: options.chats }, (_, n) => ({
    name: `chat${n}`,
    nextAt: begun,
    sent: 0,
  }))
  let asks = 0
  for (;;) {
    const chat = chats.reduce((first, other) => (other.nextAt < first.nextAt ? other : first))
    if (chat.nextAt > begun + 60_000) break
    await at(chat.nextAt)
    asks++
    const limit = ['rate', 'bot', interval, 1, 1000, 1]
    const [granted, first, second] = await redis.limitsTake(
      botBase(sender.id),
      1,
      '',
      chat.name,
      1,
      100,
      ...limit,
    )
    if (granted === 1) chat.sent++
    const waitMs = granted === 1 ? Math.ceil(Number(first)) + 2 : Number(second)
    chat.nextAt = Math.floor(chat.nextAt + waitMs + random() * options.jitterMs)
  }
  const sent = chats.map(chat => chat.sent)
  return {
    perSecond: sent.reduce((sum, n) => sum + n, 0) / 60,
    asks: asks / sent.reduce((sum, n) => sum + n, 0),
    sent,
  }
}

test('sixty chats that come back late use all of the rate, share it evenly, and are rarely refused twice', async t => {
  const { perSecond, asks, sent } = await flood(t, { chats: 60, perSecond: 29, jitterMs: 90 })

  assert.ok(perSecond >= 29 * 0.97, `${perSecond} a second`)
  assert.ok(perSecond <= 29.1, `${perSecond} a second`)
  assert.ok(asks < 2.5, `${asks} asks a message`)
  assert.ok(Math.max(...sent) - Math.min(...sent) <= 6, `${sent}`)
})

test('those refused are told different times, one slot after the other', async t => {
  const { limits, sender } = await rig(t)
  const limit = rate('bot', 20)
  await limits.take(sender, [limit], { asker: 'first' })

  const answers = []
  for (const asker of ['a', 'b', 'c']) answers.push(await limits.take(sender, [limit], { asker }))
  const again = await limits.take(sender, [limit], { asker: 'a' })

  assert.deepEqual(
    [...answers, again].map(answer => !answer.granted && answer.afterMs),
    [50, 100, 150, 50],
  )
})

test('who waits goes before newcomers, and interactive messages before bulk', async t => {
  const { limits, sender, pass } = await rig(t)
  const limit = rate('bot', 10)
  const ask = async (asker: string, bulk = false) =>
    (await limits.take(sender, [limit], { asker, bulk })).granted
  await ask('first')
  await ask('bulk', true)
  await ask('reply')

  await pass(90)
  const early = [await ask('reply'), await ask('newcomer')]
  await pass(10)
  const onTime = [await ask('reply'), await ask('newcomer'), await ask('bulk', true)]
  await pass(100)
  const next = [await ask('newcomer'), await ask('bulk', true)]

  assert.deepEqual(early, [false, false])
  assert.deepEqual(onTime, [true, false, false])
  assert.deepEqual(next, [true, false])
})

test('a chat that never comes back holds nobody up for good', async t => {
  const { limits, sender, pass } = await rig(t)
  const limit = rate('bot', 1)
  for (const asker of ['first', 'lost', 'next']) await limits.take(sender, [limit], { asker })

  await pass(1000)
  const bucketFull = await limits.take(sender, [limit], { asker: 'next' })
  await pass(40_000)
  await limits.take(sender, [limit], { asker: 'other' })
  const waiting = await limits.take(sender, [limit], { asker: 'one more' })

  assert.equal(bucketFull.granted, true)
  assert.equal(!waiting.granted && waiting.afterMs, 1000)
})

test('all limits that wait are charged together or not at all', async t => {
  const { limits, sender, pass } = await rig(t)
  const bot = rate('bot', 10)
  const ask = (chat: string) => limits.take(sender, [bot, rate(`chat:${chat}`, 1)], { asker: chat })
  await ask('a')
  await pass(100)

  const refused = await ask('a')
  const other = await ask('b')

  assert.deepEqual(refused, { granted: false, afterMs: 900, name: 'chat:a', kind: 'rate' })
  assert.equal(other.granted, true)
})

test('what does not wait is charged, so that what does yields, but never for longer than a period', async t => {
  const { limits, sender, pass } = await rig(t)
  const reply = [rate('bot', 10, { waits: false })]
  // A broadcast runs: without one nobody counts what replies are charged, see quiet.test.ts.
  await limits.take(sender, [rate('bot', 10)], { asker: 'first', bulk: true })
  for (let n = 0; n < 100; n++)
    assert.equal((await limits.take(sender, reply, { asker: `r${n}` })).granted, true)

  const refused = await limits.take(sender, [rate('bot', 10)], { asker: 'bulk', bulk: true })
  await pass(1000)
  const later = await limits.take(sender, [rate('bot', 10)], { asker: 'bulk', bulk: true })

  assert.equal(!refused.granted && refused.afterMs, 1000)
  assert.equal(later.granted, true)
})

test('who waits for a slow limit leaves no slot of a faster one empty that others could have', async t => {
  const { redis, sender, pass } = await rig(t)
  const bot = ['rate', 'bot', 20, 1, 1000, 1]
  const chat = ['rate', 'chat', 500, 1, 1000, 1]
  const ask = (asker: string, ...limits: (string | number)[]) =>
    redis.limitsTake(botBase(sender.id), 1, '', asker, 0, 100, ...limits)
  await ask('a', ...bot, ...chat)
  await pass(420)

  const [early, , ms] = await ask('a', ...bot, ...chat)
  const [other, wait] = await ask('b', ...bot)
  await pass(80)
  const [later] = await ask('a', ...bot, ...chat)

  assert.deepEqual([early, ms], [0, 80])
  assert.deepEqual([other, Number(wait)], [1, 0])
  assert.equal(later, 1)
})

test('bulk starts a quarter slower for a second, as first sends arrive late', async t => {
  const { limits, sender, at, now } = await rig(t)
  const limit = rate('bot', 10)
  const sentAt: number[] = []
  for (let ms = 0; ms <= 3000; ms += 5) {
    await at(now + ms)
    if ((await limits.take(sender, [limit], { asker: 'a', bulk: true })).granted) sentAt.push(ms)
  }

  const gaps = sentAt.slice(1).map((ms, i) => ms - sentAt[i]!)

  assert.deepEqual(gaps.slice(0, 8), Array(8).fill(125))
  assert.deepEqual(gaps.slice(8), Array(gaps.length - 8).fill(100))
})

test('two processes that wait for their slots by the real clock stay under the rate together', async t => {
  const { open, naming, sender } = await rig(t)
  const limit = rate('bot', 50)
  const both = [open(), open()].map(redis => createSendLimits({ redis, naming, aheadMs: 100 }))
  const sentAt: number[] = []
  const chats = Array.from({ length: 6 }, async (_, n) => {
    while (sentAt.length < 30) {
      const answer = await both[n % 2]!.take(sender, [limit], { asker: `chat${n}` })
      if (answer.granted) sentAt.push(answer.atMs)
      else await new Promise(resolve => setTimeout(resolve, answer.afterMs))
    }
  })

  await Promise.all(chats)

  // Asked at most 100 ms ahead of the slot.
  const spanMs = Math.max(...sentAt) - Math.min(...sentAt)
  assert.ok(sentAt.length <= 1 + (spanMs + 100) / 20 + 0.01, `${sentAt.length} in ${spanMs} ms`)
})
