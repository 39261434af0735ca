import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters, type NormalisedUpdate, type PlatformAdapter } from '@botyard/platforms'
import { bots, build, telegramCall } from './helper.ts'

/** A platform whose updates are what the test says; `messages` is the only type that it knows. */
function platform(update: Partial<NormalisedUpdate>, more: Partial<PlatformAdapter> = {}) {
  const telegram: PlatformAdapter = {
    ...adapters.telegram,
    events: new Set(['message']),
    normalise: ({ body }) => [{ id: String(n++), kind: 'other', conversation: '1', raw: body, ...update }],
    ...more,
  }
  let n = 1
  return { adapters: { ...adapters, telegram } }
}

/** What the metric says, by platform. */
async function unclassified({ registry }: Awaited<ReturnType<typeof build>>): Promise<string[]> {
  const text = await registry.getSingleMetricAsString('botyard_gateway_unclassified_updates_total')
  return text.split('\n').filter(line => !line.startsWith('#') && line !== '')
}

test('the adapter is told who the bot is', async t => {
  const told: unknown[] = []
  const deps = platform(
    {},
    {
      normalise(_request, self) {
        told.push(self)
        return []
      },
    },
  )
  const known = [{ ...bots.echo, identity: { user: '7', name: 'echo_bot' } }]
  const { app } = await build(t, { known, deps })

  await app.inject(telegramCall(1))

  assert.deepEqual(told, [{ user: '7', name: 'echo_bot' }])
})

test('that a bot caused an update reaches the worker', async t => {
  const { app, deliveries, open } = await build(t, { deps: platform({ fromBot: true }) })

  await app.inject(telegramCall(1))

  assert.equal(open(deliveries[0]!).update.fromBot, true)
})

test('an update of an unknown type is counted, and its type is logged once', async t => {
  const gateway = await build(t, { deps: platform({ event: 'guest\u0000 message\n' }) })

  for (let n = 0; n < 3; n++) await gateway.app.inject(telegramCall(n))

  assert.deepEqual(await unclassified(gateway), [
    'botyard_gateway_unclassified_updates_total{platform="telegram",event="unknown"} 3',
  ])
  assert.deepEqual(
    gateway.logLines.filter(({ msg }) => String(msg).startsWith('unknown type')).map(({ event }) => event),
    ['guest??message?'],
  )
})

test('a duplicate of it is not counted again', async t => {
  const gateway = await build(t, { deliver: async () => 'duplicate', deps: platform({ event: 'guest' }) })

  await gateway.app.inject(telegramCall(1))

  assert.deepEqual(await unclassified(gateway), [])
})

test('what an adapter knows, or does not name, is not counted', async t => {
  for (const update of [{ event: 'message' }, {}]) {
    const gateway = await build(t, { deps: platform(update) })

    await gateway.app.inject(telegramCall(1))

    assert.deepEqual(await unclassified(gateway), [])
  }
})

test('however many types a caller makes up, few are remembered, and each is cut', async t => {
  let n = 0
  const normalise: PlatformAdapter['normalise'] = ({ body }) => [
    { id: String(n++), kind: 'other', conversation: '1', raw: body, event: `${n}-${'x'.repeat(10_000)}` },
  ]
  const gateway = await build(t, { deps: platform({}, { normalise }), options: { ipLimitPerMinute: 1e9 } })

  for (let i = 0; i < 80; i++) await gateway.app.inject(telegramCall(i))

  const lines = gateway.logLines.filter(({ msg }) => String(msg).startsWith('unknown type'))
  assert.equal(lines.length, 50)
  assert.ok(lines.every(({ event }) => String(event).length <= 64))
  assert.match((await unclassified(gateway))[0]!, / 80$/)
})
