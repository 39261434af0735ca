import assert from 'node:assert/strict'
import { randomBytes, randomInt } from 'node:crypto'
import { test } from 'node:test'
import type { BotContext } from '@botyard/bot-kit'
import { createLatch } from '@botyard/testkit'
import { pino } from 'pino'
import { rig, until } from '../helper.ts'
import { dumpFiles, dumpMemory } from './dump-redis.ts'

// Fourteen digits and more: longer than any time stamp, so that none can be taken for one.
const randomId = () => randomInt(10 ** 13, 2 ** 47)
const randomText = () => `secret ${randomBytes(12).toString('hex')}`

test('Redis, its memory and its files, holds no text and no id of a chat, user or update in clear', async t => {
  const gate = createLatch()
  const fail = (ctx: BotContext) => {
    throw new Error(`private: ${ctx.text}`)
  }
  const { start, deliver, api, redis, server, conversation, parked, waiting } = await rig(t, {
    answered: { onMessage: ctx => ctx.reply(`to ${ctx.text}`) },
    stuck: { onMessage: ctx => ctx.reply(`to ${ctx.text}`) },
    refused: { onMessage: ctx => ctx.reply(`to ${ctx.text}`) },
    uncertain: { settings: { uncertainSends: 'hold' }, onMessage: ctx => ctx.reply(`to ${ctx.text}`) },
    dying: { settings: { tries: 1 }, onMessage: fail },
    parking: { settings: { tries: 1, poison: 'park' }, onMessage: fail },
    retrying: {
      settings: { tries: 100 },
      async onMessage(ctx) {
        await ctx.once(`step for ${ctx.text}`, () => ({
          said: ctx.text,
          to: ctx.update.conversation,
          by: ctx.update.user,
        }))
        fail(ctx)
      },
    },
    running: { settings: { concurrency: 1 }, onMessage: () => gate.wait() },
    limited: {
      settings: { userLimit: { perSecond: 0.001, burst: 1 } },
      onMessage: ctx => ctx.reply(ctx.text),
    },
  })
  const secrets: string[] = []
  const chats: [bot: string, chat: number][] = []
  const chatOf = new Map<string, number>()
  const bots = 'answered stuck refused uncertain dying parking retrying running limited'.split(' ')
  api.answer(({ chat }) => {
    if (chat === chatOf.get('stuck')) return { status: 429, retryAfter: 3600 }
    if (chat === chatOf.get('refused')) return { status: 403 }
    return chat === chatOf.get('uncertain') ? 'cut' : undefined
  })
  // Dead letters stay in Redis.
  const deadLetters = {
    insert: () => Promise.reject(new Error('away')),
    list: async () => [],
    prune: async () => 0,
  }
  await start({ deadLetterStore: deadLetters }, {})

  for (const bot of bots) {
    for (let n = 0; n < 2; n++) {
      const chat = randomId()
      const user = String(randomId())
      chatOf.set(bot, n === 0 ? chat : chatOf.get(bot)!)
      chats.push([bot, chat])
      secrets.push(String(chat), user)
      for (let m = 0; m < 2; m++) {
        const [id, text] = [String(randomId()), randomText()]
        secrets.push(id, text.slice('secret '.length))
        await deliver(chat, text, { bot, id, user })
      }
    }
  }
  const chat = (bot: string) => chatOf.get(bot)!
  await until(async () => {
    const places = [
      api.textsOf(chat('answered')).length === 2,
      (await waiting('outbox', chat('stuck'), 'stuck')) === 2,
      await parked('outbox', chat('uncertain'), 'uncertain'),
      await parked('inbox', chat('parking'), 'parking'),
      (await redis.llen('{p0}:dead')) === 6,
      (await redis.keys('{p0}:once:*')).length === 2,
      (await redis.zscore('{p0}:mb:inbox:delayed', conversation(chat('limited'), 'limited'))) !== null,
      (await redis.llen('{p0}:mb:inbox:run:running')) === 1,
    ]
    return places.every(there => there)
  })
  const { bytes: memory, types } = await dumpMemory(redis)
  const files = await dumpFiles(server.dir)
  gate.open()

  assert.deepEqual(types, new Set(['string', 'list', 'hash', 'set', 'zset', 'stream']))
  for (const secret of secrets) {
    assert.equal(memory.includes(secret), false, `${secret} lies in Redis's memory`)
    assert.equal(files.includes(secret), false, `${secret} lies in Redis's files`)
  }
  // The dump does hold what is written: the keyed name of every chat.
  for (const [bot, chat] of chats) assert.ok(files.includes(conversation(chat, bot)))
  assert.ok(memory.includes(conversation(chat('stuck'), 'stuck')))
})

test('the log names updates and replies by their keyed names: of some platforms the id holds the chat or the user', async t => {
  const { start, deliver, naming, api } = await rig(t, {
    bot: {
      onMessage(ctx) {
        ctx.log.info({}, 'seen')
        ctx.reply(ctx.text)
        if (ctx.text === 'poison' && ctx.attempt === 1) throw new Error('no')
      },
    },
  })
  const lines: Record<string, unknown>[] = []
  await start({ logger: pino({ level: 'debug' }, { write: line => lines.push(JSON.parse(line)) }) })
  const user = String(randomId())

  const ids = [
    await deliver(7, 'hello', { id: `delivery:${user}` }),
    await deliver(7, 'poison', { id: `read:${user}` }),
  ]
  await until(() => api.sent.length === 2 && lines.filter(({ msg }) => msg === 'reply sent').length === 2)

  assert.equal(JSON.stringify(lines).includes(user), false)
  const logged = (msg: string, name: 'update' | 'reply') =>
    lines.filter(line => line.msg === msg).map(line => line[name])
  const [hello, poison] = ids.map(id => naming.update('bot', id).toString('base64url'))
  assert.deepEqual(logged('seen', 'update'), [hello, poison, poison])
  assert.deepEqual(logged('update failed', 'update'), [poison])
  assert.deepEqual(logged('update handled', 'update'), [hello, poison])
  assert.deepEqual(
    logged('reply sent', 'reply'),
    ids.map(id => naming.update('bot', `${id}.0`).toString('base64url')),
  )
})
