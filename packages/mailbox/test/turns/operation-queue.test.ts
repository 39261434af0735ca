import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConversationKey } from '@botyard/queue-contracts'
import { OperationQueue } from '../../src/turns/operation-queue.ts'
import type { Settlement } from '../../src/turns/settlement.ts'

test('each bot’s first operation goes before any bot’s second, and each bot’s in their order', () => {
  const { add, take } = queue()
  add('a/1', 'a/2', 'a/3', 'b/1', 'c/1', 'b/2')

  assert.deepEqual(take(), ['a/1', 'b/1', 'c/1', 'a/2', 'b/2', 'a/3'])
  assert.deepEqual(take(), [])
})

test('who had a turn has the next one after those who had none', () => {
  const { add, take } = queue()
  const bots = Array.from({ length: 300 }, (_, i) => `bot${i}`)
  for (const bot of bots) add(`${bot}/1`, `${bot}/2`)

  const [first, second] = [take(), take()]

  assert.deepEqual(
    first,
    bots.slice(0, 256).map(bot => `${bot}/1`),
  )
  assert.deepEqual(
    second.slice(0, 44),
    bots.slice(256).map(bot => `${bot}/1`),
  )
  assert.equal(new Set([...first, ...second, ...take()]).size, 600)
})

test('turns are short while one bot has most of what waits and another is at work, and long again after', () => {
  let now = 0
  const { add, take } = queue(() => now)
  const flood = (n: number) => add(...Array.from({ length: n }, (_, i) => `noisy/${i}`))
  flood(700)
  assert.equal(take().length, 256)

  add('quiet/1')
  const beside = take()
  assert.equal(beside.length, 48)
  assert.ok(beside.slice(0, 2).includes('quiet/1'))
  now = 9_999
  assert.equal(take().length, 48)
  now = 10_000
  assert.equal(take().length, 256)
})

test('of bots with as much to do as one another turns are long', () => {
  const { add, take } = queue()
  for (const bot of ['a', 'b', 'c']) add(...Array.from({ length: 200 }, (_, i) => `${bot}/${i}`))

  assert.equal(take().length, 256)
})

/** A queue of operations that are named by their conversations. */
function queue(now?: () => number) {
  const operations = new OperationQueue(now)
  return {
    add(...conversations: string[]) {
      for (const conversation of conversations) {
        const settlement = { conversation: conversation as ConversationKey, disposition: { do: 'ack' } }
        void operations.add(settlement as Settlement, undefined)
      }
    },
    take: () => operations.takeBatch().map(({ settlement }) => settlement.conversation),
  }
}
