import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bot } from 'grammy'
import { createTelegramSimulator, createUpdateBuilder } from '../../src/index.ts'
import { queueIdOf } from '../../src/telegram/queue-id.ts'

test('update ids ascend, message ids ascend per chat', () => {
  const builder = createUpdateBuilder({ firstUpdateId: 100 })

  const updates = [1, 2, 1].map(chat => builder.message({ chat, text: 'x' }))

  assert.deepEqual(
    updates.map(update => [update.update_id, update.message.message_id]),
    [
      [100, 1],
      [101, 1],
      [102, 2],
    ],
  )
})

test('the chat id says the kind of chat', () => {
  const builder = createUpdateBuilder()
  const kinds = [4_503_599_627_370_495, -42, -1_001_234_567_890].map(
    chat => builder.message({ chat, text: 'x' }).message.chat.type,
  )

  assert.deepEqual(kinds, ['private', 'group', 'supergroup'])
})

test("grammY's own filters recognise every kind of update", async t => {
  const simulator = await createTelegramSimulator()
  t.after(() => simulator.close())
  const bot = new Bot(simulator.api.token, { client: { apiRoot: simulator.api.url } })
  await bot.init()
  const seen: string[] = []
  bot.command('start', () => void seen.push('command'))
  for (const filter of [
    'message:text',
    'edited_message:text',
    'message:photo',
    'channel_post:text',
    'callback_query:data',
    'message_reaction:new_reaction:emoji',
    'inline_query',
    'my_chat_member',
  ] as const) {
    bot.on(filter, () => void seen.push(filter))
  }
  const { updates } = simulator
  const first = updates.message({ chat: 1, text: 'Hello' })

  for (const update of [
    first,
    updates.message({ chat: 1, text: '/start now' }),
    updates.editedMessage(first.message, 'Hello!'),
    updates.photo({ chat: 1, caption: 'Look' }),
    updates.channelPost({ chat: -1_001, text: 'News' }),
    updates.callbackQuery({ chat: 1, data: 'yes' }),
    updates.reaction({ chat: -5, emoji: '👍', messageId: 1 }),
    updates.inlineQuery({ from: 1, query: 'cats' }),
    updates.botRemoved({ chat: 1 }),
  ]) {
    await bot.handleUpdate(update)
  }

  assert.deepEqual(seen, [
    'message:text',
    'command',
    'edited_message:text',
    'message:photo',
    'channel_post:text',
    'callback_query:data',
    'message_reaction:new_reaction:emoji',
    'inline_query',
    'my_chat_member',
  ])
})

test("a press of a button waits in its user's queue, a message in its chat's", () => {
  const builder = createUpdateBuilder()

  assert.equal(queueIdOf(builder.message({ chat: -42, text: 'x', from: 7 })), 'chat -42')
  assert.equal(queueIdOf(builder.callbackQuery({ chat: -42, data: 'x', from: 7 })), 'user 7')
})
