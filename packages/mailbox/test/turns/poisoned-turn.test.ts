import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { numberOf, replyOf, rig, update } from '../rig.ts'

test('an answer that the client cannot carry out is judged alone, and holds up no other', async t => {
  const { writer, worker, check } = await rig(t)
  const judged: unknown[] = []
  const settled: string[] = []
  const together = createLatch()
  const done = createLatch()
  let running = 0
  const { client } = await worker(
    async mail => {
      if (++running === 5) together.open()
      await together.wait()
      return { do: 'ack', replies: [replyOf(numberOf(mail) === 2 ? 'poison' : 'fine')] }
    },
    {
      judge: (_mail, error) => {
        judged.push(error)
        return { do: 'dead', letter: Buffer.from('letter'), reason: 'X' }
      },
      onSettled: (mail, disposition, status) => {
        settled.push(`${numberOf(mail)} ${disposition.do} ${status}`)
        if (settled.length === 5) done.open()
      },
    },
  )
  const turn = client.mailboxTurnBuffer.bind(client)
  t.mock.method(client, 'mailboxTurnBuffer', (...args: Parameters<typeof turn>) => {
    // As with 200,000 replies, which are more arguments than a call can have.
    if (args.some(arg => String(arg).endsWith('poison')))
      throw new RangeError('Maximum call stack size exceeded')
    return turn(...args)
  })

  for (let n = 0; n < 5; n++) await writer.deliver(update(`bot/chat-${n}`, n))
  await done.wait()

  assert.deepEqual(settled.toSorted(), [
    '0 ack empty',
    '1 ack empty',
    '2 dead empty',
    '3 ack empty',
    '4 ack empty',
  ])
  assert.deepEqual(
    judged.map(error => (error as { code: string }).code),
    ['MBX_POISONED_TURN'],
  )
  assert.equal((await check()).outbox.size, 4)
})

test('an answer that Redis refuses for good is judged alone, too', async t => {
  const { writer, worker, check, redis } = await rig(t)
  const done = createLatch<unknown>()
  let error: unknown
  await redis.set('{p0}:mb:outbox:m:bot/chat', 'not a list')
  await worker(async () => ({ do: 'ack', replies: [replyOf('a')] }), {
    judge: (_mail, cause) => {
      error = cause
      return { do: 'park', reason: 'X' }
    },
    onSettled: (_mail, _disposition, status) => done.open(status),
  })

  await writer.deliver(update('bot/chat', 1))

  assert.equal(await done.wait(), 'parked')
  assert.equal((error as { code: string }).code, 'MBX_POISONED_TURN')
  await redis.del('{p0}:mb:outbox:m:bot/chat')
  assert.equal((await check()).inbox.get('bot/chat'), 'parked')
})
