import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partitionTag } from '@botyard/queue-contracts'
import { until } from '@botyard/testkit'
import { Places } from '../../src/drain/places.ts'
import type { ClaimAnswer } from '../../src/redis/scripts.ts'
import { readClaim } from '../../src/turns/claimed.ts'
import { Suspects } from '../../src/turns/suspects.ts'
import { rig, update } from '../rig.ts'

test('one claim at a time may bring a suspect, and none while one runs', () => {
  const suspects = new Suspects()

  assert.equal(suspects.take(), true)
  assert.equal(suspects.take(), false)
  suspects.give()
  assert.equal(suspects.take(), true)
})

test('a turn brings one suspect over both boxes, the reply first, and the other one has its turn later', async t => {
  const { redis, writer, writerTo, beat, die, claim, check } = await rig(t)
  await writer.deliver(update('bot/update', 1))
  await writerTo('outbox').deliver(update('bot/reply', 1))
  await beat('witness')
  for (const process of ['p1', 'p2']) {
    await beat(process)
    await claim(process)
    await claim(process, { box: 'outbox' })
    await die(process)
  }
  await beat('p3')

  const both = '4 0 . 1 0 -'
  const answer = await redis.mailboxTurnBuffer(partitionTag(0), 'p3', 1, '', 1e6, 1000, 1e6, both, both)

  const names = answer
    .slice(1)
    .map(one => readClaim(one as ClaimAnswer)!.claimed.map(held => held.conversation))
  assert.deepEqual(names, [[], ['bot/reply']])
  assert.equal((await check()).inbox.get('bot/update'), 'delayed')
})

test('a turn that asks for both boxes offers the permit to both: none of them has to wait for the other', async t => {
  const { worker } = await rig(t)
  const { client, turns } = await worker(async () => ({ do: 'ack' }))
  const turn = t.mock.method(client, 'mailboxTurnBuffer')
  turns.attach('outbox', { places: new Places(4), start: () => {}, holds: () => new Map(), lose: () => {} })
  turns.look(0, 'inbox')
  await turns.answered()

  const permits = turn.mock.calls.flatMap(({ arguments: args }) => {
    const claims = args.slice(7, 9).map(String)
    return claims.includes('-') ? [] : [claims.map(words => words.split(' ')[3])]
  })
  assert.deepEqual(permits[0], ['1', '1'])
  // It comes back with the answer.
  await until(() => turns.suspects.take())
})
