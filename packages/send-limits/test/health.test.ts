import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listUnhealthyBots, readBotHealth } from '../src/index.ts'
import { rate, rig } from './rig.ts'

test('after its credentials were refused a bot sends one probe a minute, until one is taken', async t => {
  const { limits, sender, pass } = await rig(t)
  const ask = async () => {
    const answer = await limits.take(sender, [], { asker: 'a' })
    return answer.granted ? (answer.probe ? 'probe' : 'sent') : answer.kind
  }

  const marked = [await limits.unhealthy(sender, 'CODE'), await limits.unhealthy(sender, 'CODE')]
  const paused = await ask()
  await pass(60_000)
  const probed = [await ask(), await ask()]
  await pass(60_000)
  const probedAgain = await ask()
  const healed = [await limits.healthy(sender), await limits.healthy(sender)]

  assert.deepEqual(
    marked.map(({ first }) => first),
    [true, false],
  )
  assert.ok(marked.every(({ afterMs }) => afterMs >= 60_000 && afterMs < 61_000))
  assert.equal(paused, 'health')
  assert.deepEqual([...probed, probedAgain], ['probe', 'health', 'probe'])
  assert.deepEqual(healed, [true, false])
  assert.equal(await ask(), 'sent')
})

test('a bot with new credentials is healthy at once, and what is said of its old ones changes nothing', async t => {
  const { limits, sender } = await rig(t)
  const newer = { ...sender, version: sender.version + 1 }
  await limits.unhealthy(sender, 'CODE')

  const granted = await limits.take(newer, [], { asker: 'a' })
  await limits.unhealthy(newer, 'CODE')
  const late = [await limits.healthy(sender), (await limits.unhealthy(sender, 'OLD')).first]
  const refused = await limits.take(newer, [], { asker: 'a' })

  assert.deepEqual([granted.granted, refused.granted], [true, false])
  assert.deepEqual(late, [false, false])
})

test('the refused credentials of one tenant hold up that tenant only', async t => {
  const { limits, sender, redis } = await rig(t)
  const tenant = { ...sender, tenant: 'T0123SECRET' }

  await limits.unhealthy(tenant, 'CODE')
  const answers = [
    await limits.take(tenant, [], { asker: 'a' }),
    await limits.take({ ...sender, tenant: 'other' }, [], { asker: 'a' }),
    await limits.take(sender, [], { asker: 'a' }),
  ]

  assert.deepEqual(
    answers.map(({ granted }) => granted),
    [false, true, true],
  )
  assert.equal((await readBotHealth(redis, [sender])).size, 0)
})

test('a probe that a limit refuses is not used up', async t => {
  const { limits, sender, pass } = await rig(t)
  await limits.unhealthy(sender, 'CODE')
  await limits.pause(sender, [{ name: 'x', ms: 61_000 }])
  await pass(60_000)

  const refused = await limits.take(sender, [{ kind: 'pause', name: 'x' }], { asker: 'a' })
  const probe = await limits.take(sender, [], { asker: 'b' })

  assert.equal(!refused.granted && refused.kind, 'pause')
  assert.equal(probe.granted && probe.probe, true)
})

test('the admin API can read which bots are unhealthy, since when and why', async t => {
  const { limits, sender, redis, now } = await rig(t)
  const well = { ...sender, id: `${sender.id}-well` }
  await limits.unhealthy(sender, 'SOME_CODE')

  const health = await readBotHealth(redis, [sender, well])
  const changed = await readBotHealth(redis, [{ ...sender, version: 2 }])
  const listed = await listUnhealthyBots(redis)
  await limits.healthy(sender)

  assert.deepEqual([...health], [[sender.id, { since: new Date(now), reason: 'SOME_CODE' }]])
  assert.equal(changed.size, 0)
  assert.ok(listed.includes(sender.id))
  assert.equal((await listUnhealthyBots(redis)).includes(sender.id), false)
})

test('a bot whose mark has expired is not listed for ever', async t => {
  const { limits, sender, redis } = await rig(t)
  await limits.unhealthy(sender, 'CODE')

  await redis.del(`botyard:send:{${sender.id}}:health`)

  assert.equal((await listUnhealthyBots(redis)).includes(sender.id), false)
})

test('Redis holds no name in clear, and everything expires by itself', async t => {
  const { limits, sender, redis } = await rig(t)
  const tenant = { ...sender, tenant: 'secret-tenant' }
  const all = [
    rate('chat:secret-1', 1),
    { kind: 'window', name: 'route:secret-2' },
    { kind: 'pause', name: 'secret-3' },
    { kind: 'errors', name: 'secret-4', max: 5, periodMs: 1000 },
  ] as const
  const grant = await limits.take(sender, all, { asker: 'chat' })
  await limits.take(sender, all, { asker: 'chat 2' })
  assert.ok(grant.granted)

  await limits.learn(sender, grant, [
    { name: 'route:secret-2', bucket: 'secret-5', remaining: 1, resetMs: 500 },
  ])
  await limits.pause(sender, [{ name: 'secret-3', ms: 100 }])
  await limits.charge(sender, all, ['secret-4'])
  await limits.unhealthy(tenant, 'CODE')
  await limits.unhealthy(sender, 'CODE')

  const keys = await redis.keys('botyard:send*')
  assert.ok(keys.length >= 8, `${keys}`)
  for (const key of keys) {
    assert.doesNotMatch(key, /secret/)
    assert.ok((await redis.pttl(key)) > 0, `${key} stays for ever`)
  }
})
