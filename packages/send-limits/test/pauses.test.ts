import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Limit } from '@botyard/platforms'
import { rate, rig } from './rig.ts'

const kinds: [string, Limit][] = [
  ['pause', { kind: 'pause', name: 'bot' }],
  ['window', { kind: 'window', name: 'bot' }],
  ['rate that waits', rate('bot', 100)],
  ['rate that does not', rate('bot', 100, { waits: false })],
]

for (const [kind, limit] of kinds) {
  test(`a pause of a name holds up what is under it as a ${kind}, and nothing else`, async t => {
    const { limits, sender, pass } = await rig(t)
    await limits.pause(sender, [{ name: 'bot', ms: 5000 }])

    const refused = await limits.take(sender, [limit], { asker: 'a' })
    const other = await limits.take(sender, [rate('chat:1', 1)], { asker: 'b' })
    const otherBot = await limits.take({ ...sender, id: `${sender.id}-other` }, [limit], { asker: 'c' })
    await pass(5000)
    const later = await limits.take(sender, [limit], { asker: 'a' })

    assert.equal(refused.granted, false)
    assert.ok(!refused.granted && refused.afterMs >= 5000 && refused.afterMs <= 5010)
    assert.deepEqual([other.granted, otherBot.granted, later.granted], [true, true, true])
  })
}

test('of two pauses the longest wins, whichever came first', async t => {
  const { limits, sender, pass } = await rig(t)
  await limits.pause(sender, [{ name: 'x', ms: 9000 }])
  await limits.pause(sender, [
    { name: 'x', ms: 10 },
    { name: 'x', ms: 8000 },
  ])
  await pass(8999)

  const refused = await limits.take(sender, [{ kind: 'pause', name: 'x' }], { asker: 'a' })
  await pass(1)
  const later = await limits.take(sender, [{ kind: 'pause', name: 'x' }], { asker: 'a' })

  assert.deepEqual([refused.granted, later.granted], [false, true])
})

test('after a pause of a rate its slots are given one after the other', async t => {
  const { limits, sender, pass } = await rig(t)
  const limit = rate('bot', 10)
  await limits.pause(sender, [{ name: 'bot', ms: 1000 }])

  const told = []
  for (const asker of 'abc') told.push(await limits.take(sender, [limit], { asker }))
  await pass(1000)
  const first = await limits.take(sender, [limit], { asker: 'a' })
  const second = await limits.take(sender, [limit], { asker: 'b' })

  assert.deepEqual(
    told.map(answer => !answer.granted && answer.afterMs),
    [1000, 1100, 1200],
  )
  assert.deepEqual([first.granted, second.granted], [true, false])
})

test('an error budget is spent by all bots of a platform, and refills as its period passes', async t => {
  const { limits, sender, pass } = await rig(t)
  const budget: Limit[] = [{ kind: 'errors', name: `invalid ${sender.id}`, max: 3, periodMs: 60_000 }]
  const other = { ...sender, id: `${sender.id}-other` }
  const elsewhere = { ...other, platform: 'custom' as const }
  const names = budget.map(({ name }) => name)
  const ask = async (who = sender) => (await limits.take(who, budget, { asker: 'a' })).granted

  await limits.charge(sender, budget, names)
  await pass(10_000)
  await limits.charge(other, budget, names)
  await limits.charge(sender, budget, ['another'])
  const before = await ask()
  await limits.charge(other, budget, names)
  const refused = await limits.take(sender, budget, { asker: 'a' })
  const spent = [await ask(other), await ask(elsewhere)]
  await pass(49_999)
  const notYet = await ask()
  await pass(1001)
  const again = await ask()

  assert.deepEqual([before, ...spent, notYet, again], [true, false, true, false, true])
  assert.equal(!refused.granted && refused.kind, 'errors')
  assert.ok(!refused.granted && refused.afterMs >= 50_000)
})
