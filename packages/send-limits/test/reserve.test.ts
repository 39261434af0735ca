import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@botyard/testkit'
import fc from 'fast-check'
import type { ReservedSlot } from '../src/index.ts'
import { rate, rig } from './rig.ts'

const want = { max: 100, leadMs: 100, horizonMs: 300 }

test('slots are given between lead and horizon, as far apart as the rate says, and none twice', async t => {
  const { limits, sender, pass, now } = await rig(t)
  const limit = rate('bot', 50)

  // The first second of a broadcast has slots a quarter wider.
  const first = await limits.reserve(sender, [limit], want)
  assert.deepEqual(
    first.map(({ atMs }) => atMs - now),
    [100, 125, 150, 175, 200, 225, 250, 275, 300],
  )
  assert.deepEqual(await limits.reserve(sender, [limit], want), [])
  await pass(50)
  const second = await limits.reserve(sender, [limit], want)
  assert.deepEqual(
    second.map(({ atMs, under }) => [atMs - now, under]),
    [
      [325, ['bot']],
      [350, ['bot']],
    ],
  )
})

test('whoever reserves and asks whenever, no window of time sees more than the rate', async t => {
  const { limits, sender, pass } = await rig(t)
  const steps = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 90 }), fc.boolean(), fc.integer({ min: 1, max: 20 })),
    {
      minLength: 10,
      maxLength: 40,
    },
  )
  let run = 0

  await fc.assert(
    fc.asyncProperty(steps, async calls => {
      const limit = rate(`w${run++}`, 40)
      const sentAt: number[] = []
      for (const [gap, reserves, max] of calls) {
        await pass(gap)
        if (reserves) {
          const slots = await limits.reserve(sender, [limit], { ...want, max })
          assert.ok(slots.length <= max)
          sentAt.push(...slots.map(({ atMs }) => atMs))
        } else {
          const asked = await limits.take(sender, [limit], { asker: `a${max}`, bulk: true })
          if (asked.granted) sentAt.push(asked.atMs)
        }
      }
      sentAt.sort((a, b) => a - b)
      for (let i = 1; i < sentAt.length; i++) assert.ok(sentAt[i]! - sentAt[i - 1]! >= 25 - 0.01)
    }),
    { numRuns: 40 },
  )
})

test('nothing is reserved while an interactive message waits for the rate, nor for a bot whose credentials are refused', async t => {
  const { limits, sender, pass } = await rig(t)
  const limit = rate('bot', 1)
  await limits.reserve(sender, [limit], { ...want, horizonMs: 2_000 })
  assert.equal((await limits.take(sender, [limit], { asker: 'person' })).granted, false)
  assert.deepEqual(await limits.reserve(sender, [limit], { ...want, horizonMs: 60_000 }), [])

  const fast = rate('other', 100)
  await limits.unhealthy(sender, 'refused')
  assert.deepEqual(await limits.reserve(sender, [fast], want), [])
  await pass(60_001)
  assert.equal((await limits.reserve(sender, [fast], want)).length, 1, 'one may probe')
})

test('a message with its slot is not charged again, waits for a pause of its limits, and asks anew when its slot has passed', async t => {
  const { limits, sender, at } = await rig(t)
  const limit = rate('bot', 1)
  const [reserved] = await limits.reserve(sender, [limit], { max: 1, leadMs: 0, horizonMs: 10 })
  assert.equal((await limits.take(sender, [limit], { asker: 'a', bulk: true, reserved })).granted, true)

  await limits.pause(sender, [{ name: 'bot', ms: 5_000 }])
  const refused = await limits.take(sender, [limit], { asker: 'b', bulk: true, reserved })
  assert.ok(!refused.granted && refused.afterMs >= 5_000)

  await at(reserved!.atMs + 20_000)
  await limits.take(sender, [limit], { asker: 'c', bulk: true })
  assert.equal((await limits.take(sender, [limit], { asker: 'd', bulk: true, reserved })).granted, false)
})

test('a reply takes the slot of the next message that asks, which gets the next free one: nothing is charged twice', async t => {
  const { limits, sender, at } = await rig(t)
  const [bulk, reply] = [rate('bot', 20), rate('bot', 20, { waits: false })]
  const slots = await limits.reserve(sender, [bulk], { max: 3, leadMs: 100, horizonMs: 1_000 })
  const ask = (n: number) => limits.take(sender, [bulk], { asker: `m${n}`, bulk: true, reserved: slots[n] })

  assert.equal((await limits.take(sender, [reply], { asker: 'person' })).granted, true)
  await at(slots[0]!.atMs)
  const displaced = await ask(0)
  assert.ok(!displaced.granted)
  for (const n of [1, 2]) {
    await at(slots[n]!.atMs)
    assert.equal((await ask(n)).granted, true)
  }

  const [next] = await limits.reserve(sender, [bulk], { max: 1, leadMs: 0, horizonMs: 1_000 })
  // The first second's slots are a quarter wider, and a reply's own charge is not.
  assert.ok(Math.abs(next!.atMs - slots[2]!.atMs - 62.5) < 0.1, `${next!.atMs - slots[2]!.atMs}`)
})

for (const perSecond of [1, 10]) {
  test(`beside ${perSecond} replies a second that wait for nothing, no second sees more than the platform permits`, async t => {
    const { limits, sender, at, now } = await rig(t)
    const permitted = 30
    const [bulk, reply] = [rate('bot', 28.8), rate('bot', 28.8, { waits: false })]
    const random = createRandom(7)
    const sent: number[] = []
    let waiting: { n: number; slot: ReservedSlot | undefined; askAtMs: number }[] = []
    let nextReply = now
    let released = 0

    for (let ms = now; ms < now + 60_000; ms += 5) {
      await at(ms)
      while (nextReply <= ms) {
        await limits.take(sender, [reply], { asker: `person${nextReply}` })
        sent.push(ms)
        nextReply += (-Math.log(1 - random()) * 1000) / perSecond
      }
      if (ms % 40 === 0) {
        const slots = await limits.reserve(sender, [bulk], { max: 20, leadMs: 100, horizonMs: 250 })
        waiting.push(...slots.map(slot => ({ n: released++, slot, askAtMs: slot.atMs })))
      }
      const asking = waiting.filter(({ askAtMs }) => askAtMs <= ms)
      waiting = waiting.filter(({ askAtMs }) => askAtMs > ms)
      for (const { n, slot } of asking) {
        const asked = await limits.take(sender, [bulk], { asker: `m${n}`, bulk: true, reserved: slot })
        if (asked.granted) sent.push(ms)
        else waiting.push({ n, slot: undefined, askAtMs: ms + asked.afterMs })
      }
    }

    sent.sort((a, b) => a - b)
    const tooMany = sent.filter((ms, i) => i >= permitted && ms - sent[i - permitted]! < 1000)
    assert.deepEqual(tooMany, [])
    // What is left out for replies is only what they need.
    assert.ok(sent.length > 60 * permitted * (perSecond === 1 ? 0.88 : 0.75), `${sent.length}`)
  })
}
