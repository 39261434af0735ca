import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Places } from '../../src/drain/places.ts'
import { startTurns } from '../../src/index.ts'
import { rig, update } from '../rig.ts'

test('after an outage nothing is claimed until a beat was answered that began after the last one', async t => {
  const { open, writer, tokens, beat } = await rig(t)
  await beat('p1')
  const client = open()
  const beats: (() => void)[] = []
  const heartbeat = {
    ...{ process: 'p1', ageMs: 0, fresh: true, isSure: () => true, onDoubt: () => {} },
    nextBeat: () => new Promise<void>(answered => beats.push(answered)),
    close: async () => {},
  }
  await client.ping()
  const turns = startTurns({ redis: client, partitions: 1, heartbeat, tokens })
  t.after(() => turns.close())
  const claimed: string[] = []
  const look = async () => {
    turns.look(0, 'inbox')
    // The first one comes before the turn that this look begins.
    await turns.answered()
    await turns.answered()
    return claimed.length
  }
  turns.attach('inbox', {
    places: new Places(4),
    start: (_, result) => void claimed.push(...result.claimed.map(({ conversation }) => conversation)),
    ...{ holds: () => new Map(), lose: () => {} },
  })
  await turns.answered()

  client.emit('close')
  await writer.deliver(update('bot/chat', 1))
  assert.equal(await look(), 0)
  client.emit('ready')
  client.emit('close')
  client.emit('ready')
  beats[0]!()
  assert.equal(await look(), 0)

  beats[1]!()
  assert.equal(await look(), 1)
})
