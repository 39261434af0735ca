import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLastWords } from '../../src/index.ts'
import { heartbeatKey } from '../../src/redis/keys.ts'
import { rig, update } from '../rig.ts'

const one = 'bot/one'
const two = 'bot/two'

test('a process that names an update is believed twice, and what else it held is not suspected', async t => {
  const { redis, writer, beat, claim, check, takeOver } = await rig(t)
  await writer.deliver(update(one, 1))
  await writer.deliver(update(two, 1))

  const named: number[] = []
  for (const process of ['p', 'q']) {
    await beat(process)
    assert.equal((await claim(process)).length, 2)
    const lastWords = createLastWords({ redis, partitions: 1, process })
    named.push(await lastWords.blame({ conversation: one, hash: update(one, 1).update }))
    assert.equal(await takeOver(), 2, 'at once, without waiting for its heartbeat to end')
  }
  await beat('r')
  const claimed = await claim('r')

  assert.deepEqual(named, [1, 2])
  const known = new Map(
    claimed.map(({ conversation, blamed, crashes, interrupted }) => [
      conversation,
      { blamed, crashes, interrupted },
    ]),
  )
  assert.deepEqual(known.get(one), { blamed: 2, crashes: 0, interrupted: true })
  assert.deepEqual(known.get(two), { blamed: 0, crashes: 0, interrupted: true })
  await check()
})

test('a process that ends without a word is a crash of all that it held', async t => {
  const { writer, beat, claim, die } = await rig(t)
  await writer.deliver(update(one, 1))
  await beat('p')
  await claim('p')

  await die('p')
  await beat('q')

  assert.equal((await claim('q'))[0]!.crashes, 1)
})

test('an update that is not the head of what the process holds is not blamed', async t => {
  const { redis, writer, beat, claim, settle, takeOver } = await rig(t)
  await writer.deliver(update(one, 1))
  await writer.deliver(update(one, 2))
  await writer.deliver(update(two, 1))
  await beat('p')
  const held = await claim('p', { free: 1 })
  await settle('p', held[0]!)
  const lastWords = createLastWords({ redis, partitions: 1, process: 'p' })

  const named = [
    await lastWords.blame({ conversation: one, hash: update(one, 1).update }),
    await lastWords.blame({ conversation: two, hash: update(two, 1).update }),
    await lastWords.blame(undefined),
  ]
  await takeOver()
  await beat('q')

  assert.deepEqual(named, [0, 0, 0])
  for (const { blamed, crashes } of await claim('q')) assert.deepEqual([blamed, crashes], [0, 0])
})

test('a process that cannot beat is kept alive, but not called back to life', async t => {
  const { redis, beat } = await rig(t)
  await beat('p')
  await redis.pexpire(heartbeatKey(0, 'p'), 60_000)
  const alive = createLastWords({ redis, partitions: 1, process: 'p' })
  const dead = createLastWords({ redis, partitions: 1, process: 'q' })

  await alive.keepAlive()
  await dead.keepAlive()

  assert.ok((await redis.pttl(heartbeatKey(0, 'p'))) <= 5_000)
  assert.equal(await redis.exists(heartbeatKey(0, 'q')), 0)
})
