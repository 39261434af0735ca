import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BotParts } from '@botyard/bot-kit'
import type { CallWaiter } from '@botyard/ingest-gateway/call-waiter'
import type { BotSettings } from '@botyard/queue-contracts'
import { createLatch } from '@botyard/testkit'
import { caseOf } from './case-of.ts'
import { type Rig, startRig, until } from './rig.ts'

/** The time is never up: what ends a wait is then an answer, or the handler's end. */
const patient = (waiter: CallWaiter): Pick<CallWaiter, 'wait'> => ({
  wait: update => waiter.wait(update, 1e8),
})
const slack = caseOf('slack')
const form = 'application/x-www-form-urlencoded'

let rig: Rig
let api: Rig['api']
before(async () => {
  rig = await startRig({ waiterOf: patient })
  api = rig.api
})
after(async () => {
  await rig.close()
})

function addBot(id: string, handler: BotParts, settings: BotSettings = {}): string {
  const credentials = { ...(slack.credentials as object), apiRoot: api.origin }
  rig.add(id, { platform: 'slack', credentials, handler, settings })
  return id
}

async function callForm(bot: string, fields: Record<string, string>) {
  const body = Buffer.from(new URLSearchParams(fields).toString())
  const {
    statusCode,
    body: answer,
    headers,
  } = await rig.call(bot, await slack.request(body, { contentType: form }))
  return { status: statusCode, body: answer, type: String(headers['content-type']) }
}

function interact(bot: string, payload: object) {
  const common = { team: { id: 'T1' }, user: { id: 'U1' }, trigger_id: `trigger-${bot}`, api_app_id: 'A1' }
  return callForm(bot, { payload: JSON.stringify({ ...common, ...payload }) })
}

const slash = (bot: string, text: string) =>
  callForm(bot, {
    ...{
      command: '/order',
      text,
      team_id: 'T1',
      channel_id: 'C1',
      user_id: 'U1',
      trigger_id: `trigger-${bot}`,
    },
    response_url: `${api.origin}/commands/${bot}`,
  })

const view = { id: 'V1', callback_id: 'order', state: { values: {} } }

test('url_verification is answered with its challenge, and no handler hears of it', async () => {
  const bot = addBot('verified', { onUpdate: () => assert.fail('a handler was called') })
  const body = Buffer.from(
    JSON.stringify({ token: 't', challenge: '3eZbrw1aBm2rZgRNFdxV', type: 'url_verification' }),
  )

  const { statusCode, body: answer } = await rig.call(bot, await slack.request(body))

  assert.deepEqual([statusCode, JSON.parse(answer)], [200, { challenge: '3eZbrw1aBm2rZgRNFdxV' }])
  assert.deepEqual(rig.accepted, [])
})

test('ssl_check is answered 200, and no handler hears of it', async () => {
  const bot = addBot('checked', { onMessage: () => assert.fail('a handler was called') })

  const { status } = await callForm(bot, { ssl_check: '1', token: 't' })

  assert.equal(status, 200)
  assert.deepEqual(rig.accepted, [])
})

test('a slash command is answered by an empty 200 while its handler runs, and its reply is sent afterwards', async () => {
  const answered = createLatch()
  const bot = addBot('orders', {
    commands: {
      async order(ctx) {
        await answered.wait()
        ctx.reply(`ordered ${ctx.command.args}`)
      },
    },
  })

  const { status, body } = await slash(bot, 'two teas')
  assert.deepEqual([status, body], [200, ''])
  answered.open()
  await until(() => api.calls.length === 1)

  assert.equal((api.calls[0]!.body as { text: string }).text, 'ordered two teas')
})

test('a slash command is answered by its handler’s message if the bot does not defer', async () => {
  const message = { response_type: 'ephemeral', text: 'at once' }
  const bot = addBot('direct', { commands: { order: ctx => ctx.respond(message) } }, { defer: 'none' })

  const { status, type, body } = await slash(bot, '')

  assert.deepEqual([status, JSON.parse(body)], [200, message])
  assert.match(type, /^application\/json/)
})

test('a sent view is answered by its handler’s response_action, or by nothing, which closes it', async () => {
  const errors = { response_action: 'errors', errors: { b: 'too many' } }
  const strict = addBot('strict', { onUpdate: ctx => ctx.respond(errors) }, { defer: 'none' })
  const content = addBot('content', { onUpdate: () => undefined }, { defer: 'none' })
  const deferring = addBot('deferring', { onUpdate: () => undefined })

  const refused = await interact(strict, { type: 'view_submission', view })
  const taken = await interact(content, { type: 'view_submission', view })
  const deferred = await interact(deferring, { type: 'view_submission', view })

  assert.deepEqual([refused.status, JSON.parse(refused.body)], [200, errors])
  assert.deepEqual([taken.status, taken.body], [200, ''])
  assert.deepEqual([deferred.status, deferred.body], [200, ''])
})

test('options of a menu are the handler’s, and none if it has none', async () => {
  const options = { options: [{ text: { type: 'plain_text', text: 'Tea' }, value: 'tea' }] }
  const menu = addBot('menu', { onUpdate: ctx => ctx.respond(options) })
  const blank = addBot('blank', { onUpdate: () => undefined })

  const full = await interact(menu, { type: 'block_suggestion', value: 't', view })
  const empty = await interact(blank, { type: 'block_suggestion', value: 't', view })

  assert.deepEqual(JSON.parse(full.body), options)
  assert.deepEqual(JSON.parse(empty.body), { options: [] })
})
