import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BotDefinition, defineBot } from '@botyard/bot-kit'
import { rig, until } from '../helper.ts'

/** Handlers of all bots that say by whom they were run. */
function handlersOf(worker: string): ReadonlyMap<string, BotDefinition> {
  const bot = defineBot({ onMessage: ctx => ctx.reply(worker) })
  return new Map([
    ['plain', bot],
    ['heavy', bot],
  ])
}

test('a bot with a group is run by the workers of its group and by no others, whatever it was before', async t => {
  const { api, deliver, start, directory, change, waiting } = await rig(t, {
    plain: {},
    heavy: { settings: { group: 'big' } },
  })
  await start({ handlers: handlersOf('none') })

  await deliver(1, 'a', { bot: 'plain' })
  await deliver(2, 'a', { bot: 'heavy' })
  await until(() => api.textsOf(1).length === 1)
  const waits = await waiting('inbox', 2, 'heavy')
  await start({ handlers: handlersOf('big') }, { groups: ['big'] })
  await until(() => api.textsOf(2).length === 1)
  change({ ...directory.get('heavy')!, settings: {}, version: 2 })
  change({ ...directory.get('plain')!, settings: { group: 'big' }, version: 2 })
  await until(async () => {
    await deliver(1, 'b', { bot: 'plain' })
    await deliver(2, 'b', { bot: 'heavy' })
    await until(async () => (await waiting('inbox', 1, 'plain')) + (await waiting('inbox', 2, 'heavy')) === 0)
    return api.textsOf(1).includes('big') && api.textsOf(2).includes('none')
  })

  assert.equal(waits, 1)
  assert.equal(api.textsOf(1)[0], 'none')
  assert.equal(api.textsOf(2)[0], 'big')
})

test('a worker that gets a bot of another group, as Redis forgot the group, lets it go without a try', async t => {
  const { api, deliver, start, redis, waiting } = await rig(t, { heavy: { settings: { group: 'big' } } })
  await start({ handlers: handlersOf('none') })
  await redis.hdel('{p0}:mb:inbox:blocks', 'group heavy')
  await redis.del('{p0}:grouped')

  await deliver(1, 'a')
  await until(async () => (await redis.zcard('{p0}:mb:inbox:delayed')) === 1)
  const waits = await waiting('inbox', 1)
  const trouble = await redis.hgetall('{p0}:mb:inbox:trouble')
  await start({ handlers: handlersOf('big') }, { groups: ['big'] })
  await until(() => api.textsOf(1).length === 1)

  assert.deepEqual([waits, trouble], [1, {}])
  assert.deepEqual(api.textsOf(1), ['big'])
})
