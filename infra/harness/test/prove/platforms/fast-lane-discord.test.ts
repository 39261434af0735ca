import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { BotContext, BotParts } from '@botyard/bot-kit'
import type { CallWaiter } from '@botyard/ingest-gateway/call-waiter'
import type { BotSettings } from '@botyard/queue-contracts'
import { createLatch } from '@botyard/testkit'
import { caseOf } from './case-of.ts'
import { type Rig, startRig, until } from './rig.ts'

/** The time is never up: what ends a wait is then an answer, or the handler's end. */
const patient = (waiter: CallWaiter): Pick<CallWaiter, 'wait'> => ({
  wait: update => waiter.wait(update, 1e8),
})
const discord = caseOf('discord')

/** What goes with a plain text: it calls nobody. */
const nobody = { parse: [] }

let rig: Rig
let hasty: Rig
let api: Rig['api']
before(async () => {
  rig = await startRig({ waiterOf: patient })
  hasty = await startRig()
  api = rig.api
})
beforeEach(async () => {
  // What the test before has begun comes to its end before the next one counts.
  await until(() => rig.isIdle())
  api.calls.length = 0
})
after(async () => {
  await rig.close()
  await hasty.close()
})

let interactions = 0

/** An interaction in the channel 10, signed; a new one each time. */
async function interact(on: Rig, bot: string, type: number, data: object = {}) {
  const { body, ...answer } = await press(on, bot, String(++interactions), type, data)
  return { ...answer, json: JSON.parse(body) }
}

async function press(on: Rig, bot: string, id: string, type: number, data: object = {}) {
  const interaction = {
    ...{
      id,
      type,
      token: `token-${id}`,
      application_id: '900',
      version: 1,
      channel_id: '10',
      user: { id: '7' },
      data,
    },
    ...(type === 3 && { message: { id: '55' } }),
  }
  const answer = await on.call(bot, await discord.request(Buffer.from(JSON.stringify(interaction))))
  return { status: answer.statusCode, type: String(answer.headers['content-type']), body: answer.body }
}

const command = { id: '1', name: 'greet', type: 1 }

function addBot(on: Rig, id: string, handler: BotParts, settings: BotSettings = {}): string {
  const credentials = { ...(discord.credentials as object), apiRoot: api.origin }
  on.add(id, { platform: 'discord', credentials, handler, settings })
  return id
}

test('PING is answered PONG as JSON, and no handler hears of it', async () => {
  const bot = addBot(rig, 'ping', {
    onUpdate: () => assert.fail('a handler was called'),
  })

  const { status, type, json } = await interact(rig, bot, 1)

  assert.deepEqual([status, json], [200, { type: 1 }])
  assert.match(type, /^application\/json/)
  assert.deepEqual(rig.accepted, [])
})

test('a command is answered "thinking" while its handler still runs, and completed by a follow-up of its token', async () => {
  const answered = createLatch()
  const bot = addBot(rig, 'greeter', {
    commands: {
      async greet(ctx) {
        await answered.wait()
        ctx.reply('hello')
      },
    },
  })

  const { json } = await interact(rig, bot, 2, command)
  assert.deepEqual(json, { type: 5 })
  answered.open()
  await until(() => api.calls.length === 1)

  assert.deepEqual(api.calls, [
    {
      method: 'POST',
      path: `/webhooks/900/token-${interactions}`,
      body: { content: 'hello', allowed_mentions: nobody },
    },
  ])
})

test('the deferred answer is for the user alone if the settings say so', async () => {
  const bot = addBot(rig, 'whisperer', { onMessage: ctx => ctx.reply('psst') }, { defer: 'ephemeral' })

  const { json } = await interact(rig, bot, 2, command)

  assert.deepEqual(json, { type: 5, data: { flags: 64 } })
  await until(() => api.calls.length === 1)
})

test('a deferred command whose handler says nothing does not stay "thinking"', async () => {
  const bot = addBot(rig, 'wordless', { onMessage: () => undefined })

  const { json } = await interact(rig, bot, 2, command)
  await until(() => api.calls.length === 1)

  assert.deepEqual(json, { type: 5 })
  assert.deepEqual(
    api.calls.map(({ method, path }) => `${method} ${path}`),
    [`DELETE /webhooks/900/token-${interactions}/messages/@original`],
  )
})

test('a component is answered that its message will change, and the edit is one of that message', async () => {
  const bot = addBot(rig, 'clicked', { onUpdate: ctx => ctx.edit('pressed') })

  const { json } = await interact(rig, bot, 3, { custom_id: 'yes', component_type: 2 })
  await until(() => api.calls.length === 1)

  assert.deepEqual(json, { type: 6 })
  assert.deepEqual(api.calls, [
    {
      method: 'PATCH',
      path: `/webhooks/900/token-${interactions}/messages/@original`,
      body: { content: 'pressed', allowed_mentions: nobody },
    },
  ])
})

test('choices to complete are the handler’s own, byte for byte, and nothing more is sent', async () => {
  const choices = { type: 8, data: { choices: [{ name: 'Tee ☕', value: 'tea' }] } }
  const bot = addBot(rig, 'completer', { onUpdate: ctx => ctx.respond(choices) })

  const { status, body } = await press(rig, bot, String(++interactions), 4, command)

  assert.deepEqual([status, body], [200, JSON.stringify(choices)])
  await until(() => rig.isIdle())
  assert.deepEqual(api.calls, [])
})

test('a modal is the answer to a command of a bot that does not defer', async () => {
  const modal = { type: 9, data: { custom_id: 'm', title: 'Order', components: [] } }
  const bot = addBot(rig, 'asker', { commands: { greet: ctx => ctx.respond(modal) } }, { defer: 'none' })

  const { json } = await interact(rig, bot, 2, command)

  assert.deepEqual(json, modal)
})

test('an answer goes out before its handler ends', async () => {
  const got = createLatch()
  const bot = addBot(
    rig,
    'early',
    {
      async onMessage(ctx) {
        ctx.respond({ type: 4, data: { content: 'first' } })
        await got.wait()
      },
    },
    { defer: 'none' },
  )

  const { json } = await interact(rig, bot, 2, command)
  got.open()

  assert.deepEqual(json, { type: 4, data: { content: 'first' } })
})

test('only the first answer of a handler counts', async () => {
  const bot = addBot(
    rig,
    'twice',
    {
      onMessage(ctx) {
        ctx.respond({ type: 4, data: { content: 'first' } })
        ctx.respond({ type: 4, data: { content: 'second' } })
      },
    },
    { defer: 'none' },
  )

  const answers = [await interact(rig, bot, 2, command), await interact(rig, bot, 2, command)]

  assert.deepEqual(
    answers.map(({ json }) => json.data.content),
    ['first', 'first'],
  )
})

test('answers of calls that wait at the same time go to the call they are of', async () => {
  const all = createLatch()
  let running = 0
  const bot = addBot(rig, 'mirror', {
    async onUpdate(ctx) {
      if (++running === 5) all.open()
      await all.wait()
      ctx.respond({ type: 8, data: { choices: [{ name: ctx.update.user, value: 'x' }] } })
    },
  })
  const call = async (user: string) => {
    const id = String(++interactions)
    const interaction = {
      id,
      type: 4,
      token: 't',
      application_id: '900',
      channel_id: `c${user}`,
      user: { id: user },
      data: command,
    }
    const answer = await rig.call(bot, await discord.request(Buffer.from(JSON.stringify(interaction))))
    return answer.json().data.choices[0].name
  }

  const users = ['1', '2', '3', '4', '5']
  assert.deepEqual(await Promise.all(users.map(call)), users)
})

test('a handler that ends without an answer, or for good, ends the wait: the fallback comes at once', async () => {
  const silent = addBot(rig, 'silent', { onUpdate: () => undefined })
  const failing = addBot(
    rig,
    'failing',
    { onMessage: () => Promise.reject(new Error('no')) },
    { defer: 'none', tries: 1 },
  )

  const quiet = await interact(rig, silent, 4, command)
  const failed = await interact(rig, failing, 2, command)
  await until(() => api.calls.length === 1)

  assert.deepEqual(quiet.json, { type: 8, data: { choices: [] } })
  assert.deepEqual(failed.json, { type: 5 })
  // "Thinking" ends.
  assert.equal(api.calls[0]?.method, 'DELETE')
})

test('a call waits for the next try when one has failed, and gets the answer of that', async () => {
  const attempts: number[] = []
  const failing = addBot(
    rig,
    'failing-once',
    {
      onMessage(ctx) {
        attempts.push(ctx.attempt)
        if (ctx.attempt === 1) throw new Error('no')
        ctx.respond({ type: 4, data: { content: 'in time' } })
        ctx.reply('after all')
      },
    },
    { defer: 'none' },
  )

  const { json } = await interact(rig, failing, 2, command)
  await until(() => api.calls.length === 1)

  assert.deepEqual(json, { type: 4, data: { content: 'in time' } })
  assert.deepEqual(attempts, [1, 2])
  assert.deepEqual(api.calls[0]?.body, { content: 'after all', allowed_mentions: nobody })
})

test('without an answer in time the fallback goes out, a late answer goes nowhere, and the next call is well', async () => {
  const fallen = createLatch()
  const ended = createLatch()
  let calls = 0
  const bot = addBot(
    hasty,
    'slow',
    {
      async onUpdate(ctx) {
        if (++calls === 1) await fallen.wait()
        ctx.respond({ type: 8, data: { choices: [{ name: String(calls), value: 'x' }] } })
        ended.open()
      },
    },
    { answerWaitMs: 600 },
  )

  const first = await interact(hasty, bot, 4, command)
  fallen.open()
  await ended.wait()
  await until(() => hasty.isIdle())
  const second = await interact(hasty, bot, 4, command)

  assert.deepEqual(first.json, { type: 8, data: { choices: [] } })
  assert.deepEqual(second.json, { type: 8, data: { choices: [{ name: '2', value: 'x' }] } })
})

test('the same interaction again while the first still runs gets the fallback at once, and is handled once', async () => {
  const repeated = createLatch()
  let runs = 0
  const bot = addBot(rig, 'again', {
    async onUpdate(ctx) {
      runs++
      await repeated.wait()
      ctx.respond({ type: 8, data: { choices: [{ name: 'one', value: 'x' }] } })
    },
  })
  const id = String(++interactions)

  const first = press(rig, bot, id, 4, command)
  await until(() => runs === 1)
  const second = await press(rig, bot, id, 4, command)
  repeated.open()

  assert.deepEqual(JSON.parse(second.body), { type: 8, data: { choices: [] } })
  assert.deepEqual(JSON.parse((await first).body).data.choices, [{ name: 'one', value: 'x' }])
  await until(() => rig.isIdle())
  assert.equal(runs, 1)
})

test('choices to complete do not wait behind a command of their channel', async () => {
  const completed = createLatch()
  const running = createLatch()
  const bot = addBot(rig, 'busy', {
    async onMessage() {
      running.open()
      await completed.wait()
    },
    onUpdate: ctx => ctx.respond({ type: 8, data: { choices: [{ name: 'quick', value: 'x' }] } }),
  })

  await interact(rig, bot, 2, command)
  await running.wait()
  const { json } = await interact(rig, bot, 4, command)
  completed.open()

  assert.deepEqual(json.data.choices, [{ name: 'quick', value: 'x' }])
})

test('a handler knows whether its platform waits, and what it answers otherwise changes nothing', async () => {
  const awaited: boolean[] = []
  const handler = (ctx: BotContext) => {
    awaited.push(ctx.awaited)
    ctx.respond({ type: 4, data: { content: 'for nobody' } })
    ctx.reply('a reply')
  }
  const bot = addBot(rig, 'knowing', { onMessage: handler, onUpdate: handler })

  const deferred = await interact(rig, bot, 2, command)
  await until(() => api.calls.length === 1)
  await interact(rig, bot, 4, command)

  assert.deepEqual(deferred.json, { type: 5 })
  assert.deepEqual(awaited, [false, true])
})

test('typing is shown while the handler still runs, once', async () => {
  const shown = createLatch()
  const bot = addBot(rig, 'typist', {
    async onMessage(ctx) {
      ctx.typing()
      ctx.typing()
      await shown.wait()
      ctx.reply('done')
    },
  })

  await interact(rig, bot, 2, command)
  await until(() => api.calls.length === 1)
  shown.open()
  await until(() => api.calls.length === 2)

  assert.deepEqual(
    api.calls.map(({ method, path }) => `${method} ${path}`),
    ['POST /channels/10/typing', `POST /webhooks/900/token-${interactions}`],
  )
})

test('calls get their handlers’ answers again after Redis cut the connection that listens for them', async () => {
  const bot = addBot(rig, 'reconnected', {
    onUpdate: ctx => ctx.respond({ type: 8, data: { choices: [{ name: 'here', value: 'x' }] } }),
  })
  const listens = async () => ((await rig.redis.pubsub('CHANNELS', '*respond*')) as string[]).length === 1
  assert.ok(await listens())

  assert.equal(await rig.redis.call('CLIENT', 'KILL', 'TYPE', 'PUBSUB'), 1)
  await until(listens)
  const { json } = await interact(rig, bot, 4, command)

  assert.deepEqual(json.data.choices, [{ name: 'here', value: 'x' }])
})
