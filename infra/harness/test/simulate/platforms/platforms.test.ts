import assert from 'node:assert/strict'
import { test } from 'node:test'
import { platformFactories } from '@botyard/platform-simulators'
import { adapters, type PlatformAdapter } from '@botyard/platforms'
import { platforms } from '../../../src/simulate/platforms/index.ts'
import { standInGateway } from './stand-in-gateway.ts'

const texts = [
  'chat 0 message 1',
  'chat 0 message 2 "quotes", \\backslashes\\, <tags> & {braces}\nand a second line',
  'chat 0 message 3 明天几点开始? 👍',
]

/**
 * One of every sort that a platform has: private and group, with a number and without, in a channel and a
 * thread.
 */
const chats = [0, 3, 4]

/** Whether a platform sends a call again whose answer got lost. */
const sendsAgain = (platform: string) =>
  platformFactories[platform]!().retryDelaySeconds(1, { kind: 'answer-lost', status: 200 }) !== undefined

test('every platform that can be answered can be simulated', () => {
  const answerable = Object.values(adapters).filter(({ duties }) => duties.sends !== null)

  assert.deepEqual(Object.keys(platforms).sort(), answerable.map(({ platform }) => platform).sort())
})

for (const platform of Object.keys(platformFactories)) {
  test(`${platform}: what is written is genuine, and its replies are shown in its chat as they were said`, async t => {
    const { simulator, verdicts, updates, errors, connect, send } = await standInGateway(t, platform)
    await connect()

    const deliveries = await Promise.all(chats.map((chat, i) => simulator.write(chat, texts[i]!)))
    const results = await Promise.all(updates.map(update => send(update)))

    assert.deepEqual(errors, [])
    assert.deepEqual([...new Set(verdicts)], ['genuine'])
    assert.deepEqual([...new Set(deliveries.map(({ status }) => status))], ['accepted'])
    assert.deepEqual([...new Set(results.map(({ status }) => status))], ['sent'])
    assert.equal(new Set(updates.map(({ id }) => id)).size, chats.length)
    assert.equal(new Set(updates.map(({ conversation }) => conversation)).size, chats.length)
    const shown = new Map(simulator.shown.map(({ chat, text }) => [chat, text]))
    assert.deepEqual(shown, new Map(chats.map((chat, i) => [chat, texts[i]!])))
  })

  test(`${platform}: a call whose answer got lost comes again with the same id, where the platform does that`, async t => {
    const { simulator, updates, connect } = await standInGateway(t, platform)
    await connect({ losesAnswer: () => true })

    const { status, attempts } = await simulator.write(1, 'hello')

    assert.equal(status, 'accepted')
    assert.deepEqual(
      attempts.map(({ duplicate }) => duplicate),
      sendsAgain(platform) ? [false, true] : [false],
    )
    assert.equal(updates.length, attempts.length)
    assert.equal(new Set(updates.map(({ id }) => id)).size, 1)
  })

  test(`${platform}: the API refuses other credentials, and shows nothing`, async t => {
    const { simulator, updates, connect, send } = await standInGateway(t, platform)
    await connect()
    await simulator.write(1, 'hello')

    // Discord's answers need no credentials but their own token: without it the bot writes by its name.
    const { token: _, ...route } = updates[0]!.route ?? {}
    const result = await send({ ...updates[0]!, route }, simulator.wrongCredentials)

    assert.equal(result.status, 'failed')
    assert.deepEqual(simulator.shown, [])
  })
}

/** Platforms that bring the bot's own messages too, or what became of them. */
const bringsOwn = ['github', 'instagram', 'mattermost', 'messenger', 'slack', 'whatsapp']

for (const platform of bringsOwn) {
  test(`${platform}: what the bot said itself comes back, and is not for it to answer`, async t => {
    const { simulator, updates, kinds, cameAtLeast, connect, send } = await standInGateway(t, platform)
    await connect()
    await simulator.write(0, 'hello')
    const [update] = updates

    await send(update!)
    await cameAtLeast(2)

    assert.ok(['other', 'status'].includes(kinds[1]!), kinds.join())
    assert.equal(updates.length, 1)
  })
}

for (const [platform, { identify }] of Object.entries<PlatformAdapter>(adapters)) {
  if (!identify || platform === 'telegram') continue
  test(`${platform}: the API tells who the bot is, and refuses to tell it others`, async t => {
    const { simulator, identified, network } = await standInGateway(t, platform)

    assert.equal(identified?.status, 'known', JSON.stringify(identified))
    // Some know by their credentials.
    if (simulator.calls.length === 0) return
    const other = await identify(simulator.wrongCredentials, network)
    assert.equal(other.status, 'refused', JSON.stringify(other))
  })
}

test('slack: a mention comes by two events in either order, and is one update', async t => {
  const { simulator, updates, connect } = await standInGateway(t, 'slack')
  await connect()

  for (const text of ['none', 'one', 'none', 'another']) await simulator.write(0, text)

  const ids = updates.map(({ id }) => id)
  assert.equal(ids.length, 6)
  assert.equal(new Set(ids).size, 4)
})

test('line: five replies to one update are shown in order, and are one call', async t => {
  const { simulator, adapter, updates, connect, send } = await standInGateway(t, 'line')
  await connect()
  await simulator.write(0, 'hello')
  const texts = ['1', '2', '3', '4', '5']

  const joined = adapter.join!(texts.map(text => ({ text })))
  const { text: _, ...where } = updates[0]!
  for (const content of joined) await send({ ...where, ...content })

  assert.equal(joined.length, 1)
  assert.equal(simulator.calls.filter(({ method }) => method === 'POST').length, 1)
  assert.deepEqual(
    simulator.shown.map(({ text }) => text),
    texts,
  )
})

/** How many replies into one chat are surely too many, of platforms that say so at once. */
const tooMany = { discord: 20, github: 81, 'google-chat': 5, slack: 64, teams: 61, whatsapp: 46, zulip: 201 }

for (const [platform, count] of Object.entries(tooMany)) {
  test(`${platform}: what the API answers to a flood is read as a pause that costs no try`, async t => {
    const { simulator, updates, connect, send } = await standInGateway(t, platform)
    await connect()
    await simulator.write(0, 'hello')

    const results = []
    for (let i = 0; i < count; i++) results.push(await send({ ...updates[0]!, id: `flood.${i}` }))

    const refused = results.filter(({ status }) => status !== 'sent')
    assert.ok(refused.length > 0)
    for (const result of refused) assert.partialDeepStrictEqual(result, { status: 'retry', counts: false })
    assert.equal(simulator.shown.length, count - refused.length)
    assert.equal(simulator.throttled, refused.length)
  })
}
