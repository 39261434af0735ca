import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LearnedWindow, Limit } from '@botyard/platforms'
import type { Grant } from '../src/index.ts'
import { rig } from './rig.ts'

/** A bot under learnt windows: `send` asks and remembers the grant, `answer` learns from it. */
async function windows(t: Parameters<typeof rig>[0]) {
  const { limits, sender, pass } = await rig(t)
  const limitOf = (name: string): Limit => ({ kind: 'window', name })
  return {
    pass,
    limits,
    sender,
    async send(name: string, asker = 'a') {
      const answer = await limits.take(sender, [limitOf(name)], { asker })
      return answer.granted ? answer : answer.afterMs
    },
    answer: (grant: Grant | number, learned: LearnedWindow) =>
      limits.learn(sender, grant as Grant, [learned]),
  }
}

test('a window is free until the first answer, then only what remains is sent until it ends', async t => {
  const { send, answer, pass } = await windows(t)
  const grants = [await send('r:1'), await send('r:1')]

  await answer(grants[0]!, { name: 'r:1', remaining: 3, resetMs: 2000 })
  const rest = [await send('r:1'), await send('r:1'), await send('r:1')]
  await pass(2000)
  const next = await send('r:1')

  // One of four is gone by the answer, and the second was under way.
  assert.deepEqual(
    rest.map(one => typeof one),
    ['object', 'object', 'number'],
  )
  assert.equal(rest[2], 2000)
  assert.equal(typeof next, 'object')
})

test('an answer that left before others were counted does not give back what those took', async t => {
  const { send, answer } = await windows(t)
  const first = await send('r:1')
  await answer(first, { name: 'r:1', remaining: 4, resetMs: 1000 })
  const grants = [await send('r:1'), await send('r:1'), await send('r:1')]

  await answer(grants[2]!, { name: 'r:1', remaining: 3, resetMs: 900 })
  const last = await send('r:1')
  const refused = await send('r:1')

  assert.equal(typeof last, 'object')
  assert.equal(refused, 900)
})

test('a new window is as large as the last was, before anybody has answered in it', async t => {
  const { send, answer, pass } = await windows(t)
  await answer(await send('r:1'), { name: 'r:1', remaining: 2, resetMs: 1000 })
  await pass(1000)

  const sent = []
  for (let n = 0; n < 6; n++) sent.push(typeof (await send('r:1')))

  assert.deepEqual(sent, ['object', 'object', 'object', 'number', 'number', 'number'])
})

test('a late answer of a window that is over changes nothing in the next one', async t => {
  const { send, answer, pass } = await windows(t)
  const first = await send('r:1')
  await answer(first, { name: 'r:1', remaining: 2, resetMs: 1000 })
  const late = await send('r:1')
  await pass(1000)
  await send('r:1')

  await answer(late, { name: 'r:1', remaining: 0, resetMs: 50 })

  assert.equal(typeof (await send('r:1')), 'object')
})

test('an answer that tells of less than was thought lowers what remains', async t => {
  const { send, answer, pass } = await windows(t)
  await answer(await send('r:1'), { name: 'r:1', remaining: 4, resetMs: 1000 })
  await pass(1000)

  await answer(await send('r:1'), { name: 'r:1', remaining: 0, resetMs: 1000 })

  assert.equal(await send('r:1'), 1000)
})

test('chats that wait for a window are spread over the windows to come', async t => {
  const { send, answer } = await windows(t)
  await answer(await send('r:1'), { name: 'r:1', remaining: 1, resetMs: 1000 })
  await send('r:1')

  const told = []
  for (const asker of 'abcde') told.push(await send('r:1', asker))

  assert.deepEqual(told, [1000, 1000, 2000, 2000, 3000])
})

test('routes of one bucket share one count for each id, also what was sent before the bucket was known', async t => {
  const { send, answer } = await windows(t)
  const [post, edit] = [await send('post:7'), await send('edit:7')]
  const other = await send('post:8')

  await answer(post, { name: 'post:7', bucket: 'abc', remaining: 4, resetMs: 1000 })
  await answer(edit, { name: 'edit:7', bucket: 'abc', remaining: 3, resetMs: 1000 })
  const sent = []
  for (const route of ['post:7', 'edit:7', 'edit:7', 'post:7']) sent.push(typeof (await send(route)))
  await answer(other, { name: 'post:8', bucket: 'abc', remaining: 1, resetMs: 1000 })

  assert.deepEqual(sent, ['object', 'object', 'object', 'number'])
  assert.equal(typeof (await send('edit:8')), 'object')
  assert.equal(await send('post:8'), 1000)
})

test('a window under which nothing remains does not hold up the others', async t => {
  const { send, answer } = await windows(t)
  await answer(await send('r:1'), { name: 'r:1', remaining: 0, resetMs: 1000 })

  assert.equal(await send('r:1'), 1000)
  assert.equal(typeof (await send('r:2')), 'object')
})
