import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { adapters, type PlatformAdapter } from '@botyard/platforms'
import type { BotIdentity } from '@botyard/queue-contracts'
import { pino } from 'pino'
import { createIdentities, type StoreIdentity } from '../../src/outbox/identities.ts'
import { rig, until } from '../helper.ts'

/** A platform that tells with every send who sent it. */
function telling(self: BotIdentity) {
  const sent: (string | undefined)[] = []
  const telegram: PlatformAdapter = {
    ...adapters.telegram,
    send: async ({ text }) => {
      sent.push(text)
      return { status: 'sent', self }
    },
  }
  return { sent, deps: { adapters: { ...adapters, telegram } } }
}

test('what a send tells of the bot is stored once, and every process has it', async t => {
  const { sent, deps } = telling({ user: '77' })
  const { start, deliver, directory } = await rig(t, { bot: { onMessage: ctx => ctx.reply(ctx.text) } })
  await start(deps)

  for (const text of ['1', '2', '3']) await deliver(1, text)
  await until(() => sent.length === 3)

  assert.deepEqual(directory.get('bot')?.identity, { user: '77' })
  assert.equal(directory.get('bot')?.version, 2, 'one change')
})

test("the bot's own message is nothing to answer, also where the gateway took it for a person's", async t => {
  const { sent, deps } = telling({ user: '77' })
  const kinds: string[] = []
  const { start, deliver } = await rig(t, {
    bot: {
      onMessage: ctx => ctx.reply(ctx.text),
      onUpdate: ctx => void kinds.push(ctx.update.kind),
    },
  })
  await start(deps)

  await deliver(1, 'hello', { user: '9' })
  await until(() => sent.length === 1)
  await deliver(1, 'hello', { user: '77' })
  await deliver(1, '/hello', { user: '77', kind: 'command' })
  await deliver(1, 'yes', { user: '77', kind: 'button' })
  await deliver(1, 'hello again', { user: '9' })
  await until(() => sent.length === 2)

  assert.deepEqual(kinds, ['other', 'other', 'button'])
})

test("a tenant's own account is not taken for the bot's", async t => {
  const { sent, deps } = telling({ user: '77' })
  const { start, deliver, directory } = await rig(t, { bot: { onMessage: ctx => ctx.reply(ctx.text) } })
  await start({ ...deps, tenantCredentials: async () => ({ botToken: 'of the tenant' }) })

  await deliver(1, 'hello')
  await until(() => sent.length === 1)

  assert.equal(directory.get('bot')?.identity, undefined)
})

const bot = { id: 'bot', version: 1 }

function identities(storeIdentity: StoreIdentity) {
  return createIdentities({ storeIdentity, logger: pino({ level: 'silent' }) })
}

test('what is known asks nobody, and adds up with what a send tells', () => {
  const stored: unknown[] = []
  const known = identities(async (of, told) => {
    stored.push([of.version, told])
    return 'changed'
  })

  known.learn({ ...bot, identity: { user: '7', name: 'shop' } }, { user: '7' })
  known.learn({ ...bot, identity: { name: 'shop' } }, { user: '7' })

  assert.deepEqual(stored, [[1, { name: 'shop', user: '7' }]])
  assert.deepEqual(known.of({ ...bot, identity: { name: 'shop' } }), { name: 'shop', user: '7' })
})

test('the directory knows better once the bot is another version', () => {
  const known = identities(async () => 'changed')

  known.learn(bot, { user: '7' })

  assert.deepEqual(known.of(bot), { user: '7' })
  assert.equal(known.of({ ...bot, version: 2 }), undefined)
})

test('a platform that tells something else with every send does not keep the control database busy', () => {
  let stored = 0
  const known = identities(async () => {
    stored++
    return 'changed'
  })

  for (let n = 0; n < 100; n++)
    known.learn({ ...bot, version: n, identity: { user: String(n) } }, { user: String(n + 1) })

  assert.equal(stored, 1)
})

test('what was learned of an older version is learned again of the newer one', async () => {
  const stored: number[] = []
  const known = identities(async ({ version }) => {
    stored.push(version)
    return version === 1 ? 'superseded' : 'changed'
  })

  known.learn(bot, { user: '7' })
  await setImmediate()
  known.learn({ ...bot, version: 2 }, { user: '7' })

  assert.deepEqual(stored, [1, 2])
})

test('a control database that is away is asked again with a reply a second later', async t => {
  let tries = 0
  const known = identities(async () => {
    if (++tries === 1) throw new Error('away')
    return 'changed'
  })
  let nowMs = 0
  t.mock.method(performance, 'now', () => nowMs)

  known.learn(bot, { user: '7' })
  await setImmediate()
  known.learn(bot, { user: '7' })
  assert.equal(tries, 1)
  nowMs = 1_001
  known.learn(bot, { user: '7' })

  assert.equal(tries, 2)
  assert.deepEqual(known.of(bot), { user: '7' })
})
