import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Load } from '@botyard/service-kit/pressure'
import { until } from '@botyard/testkit'
import { isRedelivered } from '../src/limits/is-redelivered.ts'
import { bots, build, telegramCall } from './helper.ts'

const line = { ...bots.echo, id: 'line', platform: 'line' as const, credentials: { channelSecret: 's' } }
const lineCall = {
  method: 'POST' as const,
  url: '/hooks/line/line',
  headers: { 'content-type': 'application/json' },
}

async function underLoad(t: Parameters<typeof build>[0], load: Load) {
  const built = await build(t, {
    known: [...Object.values(bots), line],
    options: { pressure: { readLoad: () => load } },
  })
  return { ...built, reached: (level: string) => until(() => built.app.pressure.level === level) }
}

test('under pressure what the platform sends again is refused, and told when; the rest is taken', async t => {
  const load = { delay: 1.2, memory: 0.1 }
  const { app, deliveries, reached } = await underLoad(t, load)
  await reached('high')

  const redelivered = await app.inject(telegramCall(1))
  const other = await app.inject({ ...lineCall, payload: '{}' })
  load.delay = 0.9
  const stillHigh = await app.inject(telegramCall(1))
  load.delay = 0.5
  await reached('none')
  const after = await app.inject(telegramCall(1))

  assert.equal(redelivered.statusCode, 503)
  assert.equal(redelivered.json().error.code, 'GTW_OVERLOADED')
  assert.equal(redelivered.headers['retry-after'], '5')
  // Its signature is wrong, so it got as far as the proof.
  assert.equal(other.statusCode, 401)
  assert.deepEqual([stillHigh.statusCode, after.statusCode], [503, 200])
  assert.equal(deliveries.length, 1)
})

test('near the end all calls are refused: nobody waits so long, or memory is out', async t => {
  for (const load of [
    { delay: 4.5, memory: 0 },
    { delay: 0, memory: 1.1 },
  ]) {
    const { app, reached } = await underLoad(t, load)
    await reached('critical')

    const outcomes = [await app.inject(telegramCall(1)), await app.inject({ ...lineCall, payload: '{}' })]

    assert.deepEqual(
      outcomes.map(({ statusCode }) => statusCode),
      [503, 503],
    )
  }
})

test('of Slack events are sent again, commands and buttons are not', () => {
  assert.ok(isRedelivered('slack', 'application/json'))
  assert.ok(!isRedelivered('slack', 'application/x-www-form-urlencoded'))
  assert.ok(!isRedelivered('discord', 'application/json'))
})
