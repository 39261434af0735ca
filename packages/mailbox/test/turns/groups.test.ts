import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BoxName } from '@botyard/queue-contracts'
import { until } from '@botyard/testkit'
import { readOrders, steerBot } from '../../src/index.ts'
import { lookAtGroups } from '../../src/wake/look-at-groups.ts'
import { rig, update } from '../rig.ts'

const plain = 'plain/chat'
const heavy = 'heavy/chat'

test('a worker gets only the bots of its groups, and each group has tokens of its own', async t => {
  const { writer, tokens, steering, beat, claim, check } = await rig(t)
  await steerBot(steering, 'inbox', 'heavy', { do: 'group', group: 'big' })
  await writer.deliver(update(plain, 1))
  await writer.deliver(update(heavy, 1))
  const waiting = [await tokens.waiting(0, 'inbox'), await tokens.waiting(0, 'inbox', 'big')]
  await beat('p')
  await beat('q')

  const names = async (process: string, groups: string[]) =>
    (await claim(process, { groups })).map(({ conversation }) => conversation)
  const ofNone = await names('p', ['-'])
  const ofOther = await names('p', ['small'])
  const ofBig = await names('q', ['small', 'big'])

  assert.deepEqual(waiting, [1, 1])
  assert.deepEqual([ofNone, ofOther, ofBig], [[plain], [], [heavy]])
  await check()
})

test('a process that runs several groups is fair to the bots of all of them', async t => {
  const { writer, steering, beat, claim, check } = await rig(t)
  await steerBot(steering, 'inbox', 'heavy', { do: 'group', group: 'big' })
  for (let n = 0; n < 8; n++) {
    await writer.deliver(update(`plain/${n}`, 1))
    await writer.deliver(update(`heavy/${n}`, 1))
    await writer.deliver(update(`other/${n}`, 1))
  }
  await beat('p')

  const counts: Record<string, number> = {}
  for (const { conversation } of await claim('p', { groups: ['-', 'big'], free: 9 })) {
    const [bot] = conversation.split('/')
    counts[bot!] = (counts[bot!] ?? 0) + 1
  }

  assert.deepEqual(counts, { plain: 3, heavy: 3, other: 3 })
  await check()
})

test('a bot that changes its group takes with it what waits', async t => {
  const { redis, writer, tokens, steering, beat, claim, check } = await rig(t)
  const groups = async () => (await readOrders(redis, 1, 'inbox')).map(({ groups }) => groups)
  await writer.deliver(update(heavy, 1))
  await beat('p')

  await steerBot(steering, 'inbox', 'heavy', { do: 'group', group: 'big' })
  assert.deepEqual(await claim('p'), [])
  assert.equal(await tokens.waiting(0, 'inbox', 'big'), 1)
  assert.deepEqual(await groups(), [new Map([['heavy', 'big']])])
  await steerBot(steering, 'inbox', 'heavy', { do: 'group', group: undefined })
  assert.deepEqual(await claim('p', { groups: ['big'] }), [])
  const claimed = await claim('p')

  assert.equal(claimed.length, 1)
  assert.deepEqual(await groups(), [new Map()])
  await check()
})

test('a group that a bot has left in one box only is looked at until it has left it in both', async t => {
  const { redis, writerTo, steering } = await rig(t)
  const tell = (box: BoxName, group: string | undefined) =>
    steerBot(steering, box, 'heavy', { do: 'group', group })
  await tell('inbox', 'big')
  await tell('outbox', 'big')
  await writerTo('outbox').deliver(update(heavy, 1))
  const looks = async () =>
    (await lookAtGroups(redis, 0, 'outbox')).map(({ group, hasWork }) => [group, hasWork])

  await tell('inbox', undefined)
  const between = await looks()
  await tell('outbox', undefined)

  assert.deepEqual(between, [
    ['-', false],
    ['big', true],
  ])
  assert.deepEqual(await looks(), [['-', true]])
})

test('a pause, a cap and a full outbox keep a bot of a group out of its rotation too', async t => {
  const { redis, writer, steering, beat, claim, check } = await rig(t)
  await steerBot(steering, 'inbox', 'heavy', { do: 'group', group: 'big' })
  await writer.deliver(update(heavy, 1))
  await beat('p')
  const hasWork = async () => (await lookAtGroups(redis, 0, 'inbox')).some(look => look.hasWork)

  assert.equal(await hasWork(), true)
  await steerBot(steering, 'inbox', 'heavy', { do: 'pause', untilMs: 0 })
  assert.equal(await hasWork(), false)
  await steerBot(steering, 'inbox', 'heavy', { do: 'resume' })
  await steerBot(steering, 'inbox', 'heavy', { do: 'cap', most: 1 })
  await writer.deliver(update('heavy/second', 1))
  const claimed = await claim('p', { groups: ['big'] })

  assert.equal(claimed.length, 1)
  assert.equal(await hasWork(), false)
  await check()
})

test('what comes due for a group while only another one works is handed over by a token', async t => {
  const { writer, tokens, steering, beat, claim, settle } = await rig(t)
  await steerBot(steering, 'inbox', 'heavy', { do: 'group', group: 'big' })
  await writer.deliver(update(heavy, 1))
  await beat('p')
  await beat('q')
  const [held] = await claim('p', { groups: ['big'], token: true })
  await settle('p', held!, { do: 'retry', afterMs: 1, counts: false })

  const asked = async () => {
    await claim('q', { groups: ['-'] })
    return (
      (await tokens.waiting(0, 'inbox', 'big')) > 0 || (await claim('p', { groups: ['big'] })).length === 1
    )
  }
  await until(asked)
})

test('workers of two groups handle everything, each its own', async t => {
  const { writer, steering, worker, check } = await rig(t)
  for (const box of ['inbox', 'outbox'] as const) {
    await steerBot(steering, box, 'heavy', { do: 'group', group: 'big' })
  }
  const handled: Record<string, string[]> = { none: [], big: [] }
  const start = (name: 'none' | 'big', groups: string[]) =>
    worker(
      async ({ conversation }) => {
        handled[name]!.push(conversation)
        return { do: 'ack' }
      },
      { groups, sweep: true },
    )
  await start('none', ['-'])
  await start('big', ['big'])

  const chats = Array.from({ length: 50 }, (_, n) => n)
  await Promise.all(
    chats.flatMap(n => [writer.deliver(update(`plain/${n}`, 1)), writer.deliver(update(`heavy/${n}`, 1))]),
  )
  await until(() => handled.none!.length + handled.big!.length === 2 * chats.length)

  assert.ok(handled.none!.every(name => name.startsWith('plain/')))
  assert.ok(handled.big!.every(name => name.startsWith('heavy/')))
  await check()
})
