import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@botyard/testkit'
import { percentiles } from '../../src/shared/statistics.ts'
import { messageText, readMessageText } from '../../src/simulate/message-text.ts'
import { chatIdOf, chatOfId } from '../../src/simulate/platforms/telegram/chat-ids.ts'
import { createTraffic } from '../../src/simulate/traffic.ts'

const plan = (seed: number) =>
  createTraffic({ rate: 500, seconds: 40, chats: 2000, random: createRandom(seed) })

test('traffic has the rate asked for, in order, and repeats for a seed', () => {
  const arrivals = plan(1)

  assert.equal(arrivals.length, 20_000)
  assert.ok(arrivals[0]!.atMs >= 0 && arrivals.at(-1)!.atMs < 40_000)
  assert.ok(arrivals.every(({ atMs }, i) => i === 0 || atMs >= arrivals[i - 1]!.atMs))
  assert.deepEqual(plan(1), arrivals)
  assert.notDeepEqual(plan(2), arrivals)
})

test('a few chats are far busier than the rest, and some send bursts', () => {
  const arrivals = plan(1)
  const first = arrivals.filter(({ chat }) => chat === 0).length / arrivals.length
  const firstHundred = arrivals.filter(({ chat }) => chat < 100).length / arrivals.length
  const atOnce = arrivals.filter(
    ({ atMs, chat }, i) => arrivals[i - 1]?.atMs === atMs && arrivals[i - 1]?.chat === chat,
  )

  assert.ok(first > 0.04 && first < 0.07, `${first}`)
  assert.ok(firstHundred > 0.35 && firstHundred < 0.5, `${firstHundred}`)
  assert.ok(atOnce.length / arrivals.length > 0.2, `${atOnce.length}`)
  assert.ok(new Set(arrivals.map(({ chat }) => chat)).size > 1500)
})

test('where a platform lets a bot say less, fewer messages come, and from more chats', () => {
  const seconds = 5
  const options = { rate: 100, seconds, chats: 50, random: createRandom(3) }
  const max = { burst: 2, perSecond: 1 }

  const inChats = createTraffic({ ...options, allowance: { perChat: max } })
  const inMinute = createTraffic({ ...options, allowance: { perMinute: 60 } })

  const counts = [...Map.groupBy(inChats, ({ chat }) => chat).values()].map(({ length }) => length)
  assert.equal(Math.max(...counts), max.burst + max.perSecond * seconds)
  assert.equal(inChats.length, 50 * 7)
  assert.equal(inMinute.length, 60)
})

test('every chat has an id of its own that leads back to it', () => {
  const chats = Array.from({ length: 20_000 }, (_, chat) => chat)

  assert.equal(new Set(chats.map(chatIdOf)).size, chats.length)
  assert.ok(chats.every(chat => chatOfId(chatIdOf(chat)) === chat))
  for (const id of [1, -1, 0, Number.NaN, 5_812_000_004, 5_812_000_000.5])
    assert.equal(chatOfId(id), undefined)
})

test('a message tells its chat and number, whatever stands after them', () => {
  const random = createRandom(5)
  for (let sequence = 1; sequence < 100; sequence++) {
    const text = messageText(17, sequence, random)
    assert.deepEqual(readMessageText(text), { chat: 17, sequence })
    assert.ok(text.length <= 4096)
  }
  assert.equal(readMessageText('hello'), undefined)
})

test('percentiles are exact, and null of nothing', () => {
  const times = Array.from({ length: 100 }, (_, i) => 100 - i)

  assert.deepEqual(percentiles(times), { p50: 50, p99: 99, max: 100 })
  assert.deepEqual(percentiles([]), { p50: null, p99: null, max: null })
})
