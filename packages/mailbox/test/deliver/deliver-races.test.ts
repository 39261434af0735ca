import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rig, update } from '../rig.ts'

test('an update pushed as its conversation is settled is either answered by settle or ready for the next claim', async t => {
  const { writer, beat, claim, settle, check } = await rig(t)
  await beat('p1')
  for (let n = 0; n < 300; n++) {
    const name = `bot/race-${n}` as const
    await writer.deliver(update(name, 1))
    const [held] = await claim('p1')

    const [settled] = await Promise.all([settle('p1', held!), writer.deliver(update(name, 2))])

    const place = (await check()).inbox.get(name)
    if (settled.status === 'held') assert.deepEqual([settled.numbers, place], [[2], 'hold p1'])
    else assert.deepEqual([settled.status, place], ['empty', 'run'])
    await settle(
      'p1',
      settled.status === 'held'
        ? { ...held!, hold: next(held!.hold, settled.entries[0]!) }
        : (await claim('p1'))[0]!,
    )
  }
})

/** The hold after one more entry was popped. */
function next(hold: string, head: Buffer): string {
  const [fence, position] = hold.split(':')
  return `${fence}:${Number(position) + 1}:${head.readUIntBE(0, 6)}`
}
