import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { adapters, type PlatformAdapter } from '@botyard/platforms'
import { decodeCallResponse } from '@botyard/queue-contracts'
import { createKeyring } from '@botyard/service-kit'
import { createRespond, isAwaited } from '../../src/inbox/respond.ts'
import { newKey, rig, until } from '../helper.ts'

/** What a gateway hears that waits on the channel "gateway", in order: whether each is an answer. */
async function listen(t: TestContext, redis: Awaited<ReturnType<typeof rig>>['redis']) {
  const heard: boolean[] = []
  const subscriber = redis.duplicate()
  t.after(() => subscriber.disconnect())
  if (subscriber.status !== 'ready') await once(subscriber, 'ready')
  await subscriber.subscribe('gateway')
  subscriber.on('messageBuffer', (_channel, frame: Buffer) => {
    heard.push(decodeCallResponse(frame).response.answered)
  })
  return heard
}

/** A platform that notes what it is told of updates. */
function notingPlatform() {
  const outcomes: string[] = []
  const adapter: PlatformAdapter = {
    ...adapters.telegram,
    acknowledge: (_update, _said, outcome) => void outcomes.push(outcome),
  }
  return { outcomes, deps: { adapters: { ...adapters, telegram: adapter } } }
}

const waitingCall = () => ({ channel: 'gateway', id: '1', byMs: Date.now() + 60_000 })

test('a call goes on waiting after a failed try, and the next try answers it', async t => {
  const { outcomes, deps } = notingPlatform()
  const { redis, start, deliver } = await rig(t, {
    bot: {
      onMessage(ctx) {
        if (ctx.attempt === 1) throw new Error('once')
        if (ctx.awaited) ctx.respond({ type: 9 })
      },
    },
  })
  const heard = await listen(t, redis)
  await start(deps)

  await deliver(1, 'hello', { respond: waitingCall() })
  await until(() => outcomes.length === 1 && heard.length > 0)

  assert.deepEqual([heard, outcomes], [[true], ['responded']])
})

test('a call is told that no answer comes once its handler has succeeded without, after however many tries', async t => {
  const { outcomes, deps } = notingPlatform()
  const { redis, start, deliver } = await rig(t, {
    bot: { onMessage: ctx => ctx.attempt === 1 && Promise.reject(new Error('once')) },
  })
  const heard = await listen(t, redis)
  await start(deps)

  await deliver(1, 'hello', { respond: waitingCall() })
  await until(() => outcomes.length === 1 && heard.length > 0)

  assert.deepEqual([heard, outcomes], [[false], ['handled']])
})

for (const poison of ['skip', 'park'] as const) {
  test(`a call is told that no answer comes when its update is given up (${poison})`, async t => {
    const { outcomes, deps } = notingPlatform()
    const { redis, start, deliver } = await rig(t, {
      bot: { settings: { tries: 1, poison }, onMessage: () => Promise.reject(new Error('always')) },
    })
    const heard = await listen(t, redis)
    await start(deps)

    await deliver(1, 'hello', { respond: waitingCall() })
    await until(() => outcomes.length === 1 && heard.length > 0)

    assert.deepEqual([heard, outcomes], [[false], ['failed']])
  })
}

test('so close to the end of the wait that nobody may hear it, an answer is none', () => {
  const published: string[] = []
  const now = 1_000_000
  const respond = createRespond({
    redis: { publish: async (channel: string | Buffer) => published.push(String(channel)) },
    keyring: createKeyring({ active: 'k1', keys: { k1: newKey() } }),
    now: () => now,
  })
  const due = (ms: number) => ({ respond: { channel: `in ${ms} ms`, id: '1', byMs: now + ms } })
  const hash = randomBytes(16)

  const said = [50, 250, 251].map(ms => respond(due(ms), hash, '{}'))

  assert.deepEqual(said, [false, false, true])
  assert.deepEqual(published, ['in 251 ms'])
  assert.deepEqual(
    [50, 250, 251].map(ms => isAwaited(due(ms), now)),
    said,
  )
})

test('a handler that is called after the wait knows that nobody waits', async t => {
  const awaited: boolean[] = []
  const { start, deliver } = await rig(t, { bot: { onMessage: ctx => void awaited.push(ctx.awaited) } })
  await start()

  await deliver(1, 'late', { respond: { channel: 'gateway', id: '1', byMs: Date.now() - 1 } })
  await deliver(1, 'in time', { respond: waitingCall() })
  await until(() => awaited.length === 2)

  assert.deepEqual(awaited, [false, true])
})
