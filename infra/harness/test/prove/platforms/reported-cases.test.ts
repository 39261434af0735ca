import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { BotParts } from '@botyard/bot-kit'
import type { ApiCall } from './platform-api.ts'
import { reportedCase, tryOn } from './reported-case.ts'
import { type Rig, startRig, until } from './rig.ts'

/*
 * What people who run bots have reported of other systems, from the platform's call to the platform's API:
 * through the real gateway, mailbox and worker.
 */

let rig: Rig
before(async () => {
  rig = await startRig()
})
afterEach(async () => {
  await until(() => rig.isIdle())
  rig.api.answer(() => undefined)
  assert.deepEqual(rig.letters.splice(0), [])
})
after(async () => {
  await rig.close()
})

/** Notes the kinds of its updates, and answers what a person would expect an answer to. */
function noting() {
  const kinds: string[] = []
  const handler: BotParts = {
    onMessage(ctx) {
      kinds.push(ctx.update.kind)
      ctx.reply('the reply')
    },
    onUpdate: ctx => void kinds.push(ctx.update.kind),
  }
  return { kinds, handler }
}

const botApi = ({ path }: ApiCall) =>
  path.endsWith('/sendMessage')
    ? { body: { ok: true, result: { message_id: 1 } } }
    : { body: { ok: true, result: true } }

for (const known of [false, true]) {
  test(`01: a comment by the bot’s ordinary account is not answered, ${known ? 'as it is known' : 'once the first comment told who it is'}`, async () => {
    const { bodies, headers, platform } = reportedCase('01-github-own-comment-by-token')
    const own = bodies[0]
    const persons = {
      ...own,
      comment: { ...own.comment, id: 100, user: { id: 9, type: 'User' }, body: 'Help!' },
    }
    rig.api.answer(() => ({ status: 201, body: { id: 101, user: { id: 77 } } }))
    const { kinds, handler } = noting()
    const bot = tryOn(rig, { platform, handler, ...(known && { identity: { user: '77' } }) })

    await bot.deliver({ ...persons, sender: { id: 9, type: 'User' } }, headers)
    // GitHub delivers each comment back; seven were enough for the platform to stop the bot.
    for (let comments = 0; comments < 7; comments++) {
      const sent = await bot.sent()
      if (sent.length <= comments) break
      await bot.deliver({ ...own, comment: { ...own.comment, id: 101 + comments } }, headers)
    }

    assert.deepEqual(
      (await bot.sent()).map(({ body }) => body),
      [{ body: 'the reply' }],
    )
    assert.deepEqual(kinds, ['message', 'other'])
    assert.deepEqual(rig.identityOf(bot.id), { user: '77' })
  })
}

test('03: what a business account or its bot sends out is not answered into the customer’s chat', async () => {
  const { bodies, platform } = reportedCase('03-telegram-business-outgoing')
  const { kinds, handler } = noting()
  const bot = tryOn(rig, { platform, handler, identity: { user: '123', name: 'shop_bot' } })

  for (const body of bodies) await bot.deliver(body)

  assert.deepEqual(await bot.sent(), [])
  assert.deepEqual(kinds, ['other', 'other'])
})

for (const order of ['message first', 'mention first']) {
  test(`04: a mention that Slack delivers twice is handled and answered once, ${order}`, async () => {
    const { bodies, platform } = reportedCase('04-slack-mention-comes-twice')
    const { kinds, handler } = noting()
    const bot = tryOn(rig, { platform, handler })

    for (const body of order === 'message first' ? bodies : bodies.toReversed()) await bot.deliver(body)

    assert.deepEqual(
      (await bot.sent()).map(({ method, body }) => [method, body.channel, body.text]),
      [['chat.postMessage', 'C1', 'the reply']],
    )
    assert.deepEqual(kinds, ['message'])
  })
}

test('05: a command for another bot does not run, and the bot’s own does, however its name is written', async () => {
  const [body] = reportedCase('05-telegram-command-for-another-bot').bodies
  rig.api.answer(botApi)
  const started: string[] = []
  const bot = tryOn(rig, {
    platform: 'telegram',
    handler: { commands: { start: ctx => void started.push(ctx.text) } },
    identity: { user: '123', name: 'shop_bot' },
  })

  for (const [n, command] of ['/start@OtherBot', '/start', '/start@Shop_Bot'].entries()) {
    const entities = [{ type: 'bot_command', offset: 0, length: command.length }]
    await bot.deliver({
      update_id: n,
      message: { ...body.message, message_id: n + 1, text: `${command} now`, entities },
    })
  }

  assert.deepEqual(await bot.sent(), [])
  assert.deepEqual(started, ['/start now', '/start@Shop_Bot now'])
})

test('07: people who write to a channel’s direct messages have a conversation each, and get its answers there', async () => {
  const { bodies, platform } = reportedCase('07-telegram-direct-messages-topic')
  rig.api.answer(botApi)
  const conversations: string[] = []
  const bot = tryOn(rig, {
    platform,
    handler: {
      onMessage(ctx) {
        conversations.push(ctx.update.conversation)
        ctx.reply('a reply')
        ctx.send({ method: 'sendPhoto', photo: 'https://example.com/cat.jpg' })
      },
    },
  })

  for (const body of bodies) await bot.deliver(body)

  assert.deepEqual(
    (await bot.sent())
      .map(({ method, body }) => `${method} ${body.chat_id} ${body.direct_messages_topic_id}`)
      .sort(),
    ['sendMessage -1009999 5', 'sendMessage -1009999 6', 'sendPhoto -1009999 5', 'sendPhoto -1009999 6'],
  )
  assert.equal(new Set(conversations).size, 2)
})

test('12: a user’s word that a bot repeats calls nobody, and the bot’s own message decides itself', async () => {
  const bot = tryOn(rig, {
    platform: 'discord',
    handler: {
      onMessage(ctx) {
        ctx.reply('@everyone')
        ctx.send({ content: '@everyone', allowed_mentions: { parse: ['everyone'] } })
      },
    },
  })

  await bot.deliver({
    ...{
      id: '1',
      type: 2,
      token: 'token-1',
      application_id: '900',
      version: 1,
      channel_id: '10',
      user: { id: '7' },
    },
    data: { id: '1', name: 'say', type: 1, options: [{ name: 'what', type: 3, value: '@everyone' }] },
  })

  assert.deepEqual(
    (await bot.sent()).map(({ body }) => [body.content, body.allowed_mentions]),
    [
      ['@everyone', { parse: [] }],
      ['@everyone', { parse: ['everyone'] }],
    ],
  )
})

for (const [what, onUpdate, others] of [
  ['edits', ctx => ctx.edit('You chose yes'), ['editMessageText']],
  ['replies', ctx => ctx.reply('You chose yes'), ['sendMessage']],
  ['says nothing', () => undefined, []],
  ['answers it itself', ctx => ctx.send({ method: 'answerCallbackQuery', text: 'Thanks' }), []],
] as [string, NonNullable<BotParts['onUpdate']>, string[]][]) {
  test(`14: a pressed button is acknowledged once by a bot that ${what}`, async () => {
    const { bodies, platform } = reportedCase('14-telegram-button-unanswered')
    rig.api.answer(botApi)
    const bot = tryOn(rig, { platform, handler: { onUpdate } })

    await bot.deliver(bodies[0])

    const sent = await bot.sent()
    const answers = sent.filter(({ method }) => method === 'answerCallbackQuery')
    assert.deepEqual(
      answers.map(({ body }) => body.callback_query_id),
      ['4382'],
    )
    assert.deepEqual(
      sent.filter(call => !answers.includes(call)).map(({ method }) => method),
      others,
    )
  })
}

test('20: a reply that is too long for Telegram arrives in parts, whole and in order', async () => {
  rig.api.answer(botApi)
  const words = Array.from({ length: 2_000 }, (_, n) => `word${n}`).join(' ')
  const bot = tryOn(rig, { platform: 'telegram', handler: { onMessage: ctx => ctx.reply(words) } })
  const chat = { id: 5, type: 'private' }

  await bot.deliver({
    update_id: 1,
    message: { message_id: 1, date: 1_780_000_000, chat, from: chat, text: 'all' },
  })

  const texts = (await bot.sent()).map(({ body }) => String(body.text))
  assert.ok(texts.length > 1 && texts.every(text => text.length <= 4_096))
  assert.equal(texts.join(' '), words)
})

test('20: what cannot be split is told to the handler, which can say something shorter', async () => {
  rig.api.answer(botApi)
  const bot = tryOn(rig, {
    platform: 'telegram',
    handler: {
      onMessage: ctx => ctx.send({ method: 'sendMessage', text: 'x'.repeat(4_097) }),
      onError: (error, ctx) => ctx.reply((error as { code?: string }).code ?? 'no code'),
    },
  })
  const chat = { id: 5, type: 'private' }

  await bot.deliver({
    update_id: 2,
    message: { message_id: 2, date: 1_780_000_000, chat, from: chat, text: 'all' },
  })

  assert.deepEqual(
    (await bot.sent()).map(({ body }) => body.text),
    ['BOT_REPLY'],
  )
})
