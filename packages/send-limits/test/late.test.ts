import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Grant } from '../src/index.ts'
import { rate, rig } from './rig.ts'

const limit = rate('bot', 20)
const atOnce = { max: 1, leadMs: 0, horizonMs: 60_000 }

/**
 * By how much the next slot is later than it was, after each message that tells of its lateness: its slot,
 * and how late it was.
 */
async function movedBy(
  t: Parameters<typeof rig>[0],
  told: readonly (readonly [slotMs: number, ms: number])[],
) {
  const { limits, sender, now, at } = await rig(t)
  const [first] = await limits.reserve(sender, [limit], atOnce)
  const second = first!.atMs + 62.5
  await at(now + 40)
  for (const [slotMs, ms] of told) {
    const grant: Grant = { granted: true, atMs: now, slotMs: now + slotMs, lateMs: 0, probe: false }
    await limits.late(sender, [limit], grant, ms)
  }
  const [next] = await limits.reserve(sender, [limit], atOnce)
  return Math.round(next!.atMs - second)
}

test('what follows a message that was late moves by as much, less what the rate leaves', async t => {
  assert.equal(await movedBy(t, [[0, 15]]), 0)
  assert.equal(await movedBy(t, [[0, 65]]), 50)
})

test('one moment counts once, whoever tells of it and in whichever order', async t => {
  const together = [0, 10, 20, 30].map(slotMs => [slotMs, 65 - slotMs] as const)
  assert.equal(await movedBy(t, together), 50)
  assert.equal(await movedBy(t, together.toReversed()), 50)
})

test('two moments count both, and at most 300 ms are given away at once', async t => {
  const two = [
    [0, 65],
    [200, 45],
  ] as const
  assert.equal(await movedBy(t, two), 80)
  assert.equal(await movedBy(t, [[0, 5_000]]), 300)
  assert.equal(await movedBy(t, [...two, [1_000, 5_000]]), 300)
})

test('what was given away is forgotten at 3 % of the time', async t => {
  const { limits, sender, now, at } = await rig(t)
  const grant = (slotMs: number): Grant => ({ granted: true, atMs: slotMs, slotMs, lateMs: 0, probe: false })
  await limits.reserve(sender, [limit], atOnce)
  await limits.late(sender, [limit], grant(now), 1_000)

  await at(now + 1_000)
  const [before] = await limits.reserve(sender, [limit], { ...atOnce, leadMs: 500 })
  await limits.late(sender, [limit], grant(now + 1_000), 1_000)
  const [after] = await limits.reserve(sender, [limit], atOnce)

  // A slot of the broadcast's first second, and 30 ms.
  assert.equal(Math.round(after!.atMs - before!.atMs), Math.round(62.5 + 30))
})
