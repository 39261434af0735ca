import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../helper.ts'
import { dataRigs } from './data-rig.ts'

const build = dataRigs()

test('while a shard is away only its users wait, without losing a try or hearing of it; then they are served', async t => {
  const attempts: number[] = []
  let asked = 0
  const { start, deliver, open, api, link, letters, userOn, waiting } = await build(t, {
    bot: {
      settings: { tries: 1 },
      async onMessage(ctx) {
        if (ctx.text === 'away') attempts.push(ctx.attempt)
        const { visits } = await ctx.user.update(({ visits = 0 }) => ({ visits: visits + 1 }))
        ctx.reply(`visit ${visits}`)
      },
      onError: (_error, ctx) => {
        asked++
        ctx.reply('sorry')
      },
    },
    plain: { onMessage: ctx => ctx.reply(ctx.text) },
  })
  const { openData } = await open()
  const here = userOn(0)
  await start({ openData })
  link.cut()

  await deliver(1, 'away', { user: userOn(1) })
  await until(() => attempts.length > 2)
  for (let n = 1; n <= 3; n++) await deliver(2, 'here', { user: here })
  await deliver(3, 'I remember nothing', { bot: 'plain', user: userOn(1, 'plain') })
  await until(() => api.sent.length === 4)
  assert.equal(await waiting('inbox', 1), 1)
  link.mend()
  await until(() => api.sent.length === 5)

  assert.deepEqual(api.textsOf(1), ['visit 1'])
  assert.deepEqual(api.textsOf(2), ['visit 1', 'visit 2', 'visit 3'])
  assert.deepEqual(new Set(attempts), new Set([1]))
  assert.equal(asked, 0)
  assert.deepEqual(letters, [])
})

test('a worker starts while a shard is away, and runs bots that need no shard at all without asking any', async t => {
  const { start, deliver, open, api, link } = await build(t, {
    bot: { onMessage: ctx => ctx.reply(ctx.text) },
  })
  link.cut()
  const { openData } = await open()
  let opened = 0
  await start({
    openData: of => {
      opened++
      return openData(of)
    },
  })

  await deliver(7, 'hello', { user: '7' })
  await until(() => api.sent.length === 1)

  assert.equal(opened, 0)
})
