import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tryOn } from './reported-case.ts'
import { startRig, until } from './rig.ts'

test('two bots that answer each other in a group are stopped after thirty answers, and other chats are answered', async t => {
  const rig = await startRig()
  t.after(() => rig.close())
  let messages = 0
  const chats: string[] = []
  const bot = tryOn(rig, {
    platform: 'telegram',
    handler: {
      onMessage(ctx) {
        assert.equal(ctx.update.fromBot, ctx.update.user === '88' ? true : undefined)
        ctx.reply(`And you? ${messages}`)
      },
    },
  })
  const said = (chat: number, from: { id: number; is_bot: boolean }) => {
    const place = { id: chat, type: 'supergroup', title: 'G' }
    const message = { message_id: ++messages, date: 1_780_000_000, chat: place, from, text: 'And you?' }
    return bot.deliver({ update_id: messages, message })
  }
  // The other bot answers whatever this one says.
  rig.api.answer(({ path, body }) => {
    if (!path.endsWith('/sendMessage')) return { body: { ok: true, result: true } }
    const { chat_id } = body as { chat_id: string }
    chats.push(String(chat_id))
    if (Number(chat_id) === -1001) void said(-1001, { id: 88, is_bot: true })
    return { body: { ok: true, result: { message_id: 1 } } }
  })

  await said(-1001, { id: 88, is_bot: true })
  await until(async () => (await rig.parked()).length === 1)
  await said(-1002, { id: 5, is_bot: false })
  await until(() => chats.includes('-1002'))

  assert.equal(chats.filter(chat => chat === '-1001').length, 30)
  assert.deepEqual(await rig.parked(), ['WRK_REPLY_LOOP'])
})
