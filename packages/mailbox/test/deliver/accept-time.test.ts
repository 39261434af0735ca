import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replyOf, rig, update } from '../rig.ts'

const tenMinutes = 600_000

test("an entry keeps its sender's time unless that is not Redis's within a second", async t => {
  const { writer, mailbox } = await rig(t)
  const start = Date.now()
  const at = async (ms: number, n: number) => {
    t.mock.method(Date, 'now', () => ms)
    await writer.deliver(update('bot/a', n))
    t.mock.reset()
  }
  await at(start, 1)
  await at(start - 500, 2)
  await at(start + tenMinutes, 3)
  await at(start - tenMinutes, 4)

  const times = (await mailbox('bot/a')).map(entry => entry.readUIntBE(0, 6))
  assert.deepEqual(times.slice(0, 2), [start, start - 500])
  for (const time of times.slice(2)) {
    assert.ok(time >= start && time < start + tenMinutes, `${time} is Redis's, from ${start} on`)
  }
})

test('a reply of a worker whose clock is ten minutes ahead has the time of Redis', async t => {
  const { writer, beat, claim, settle, mailbox, check } = await rig(t)
  const start = Date.now()
  await beat('p1')
  await writer.deliver(update('bot/a', 1))
  const [held] = await claim('p1')
  t.mock.method(Date, 'now', () => start + tenMinutes)
  const reply = replyOf('a')
  t.mock.reset()

  await settle('p1', held!, { do: 'ack', replies: [reply] })

  const [entry] = await mailbox('bot/a', 'outbox')
  assert.ok(entry!.readUIntBE(0, 6) < start + tenMinutes)
  await check()
})
