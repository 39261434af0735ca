import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reportHandlers } from '@botyard/control-database'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { watchMissingHandlers } from '../../src/handlers/missing-handlers.ts'
import { rig, until } from '../helper.ts'
import { placeOf } from '../place-of.ts'

test('a bot whose handler no live worker has is named once, counted while its mail waits, and works when the code comes', async t => {
  const { start, deliver, api, redis, directory, closing, conversation } = await rig(t, {
    shop: echo,
    faq: echo,
  })
  const { lines, logger, registry, watch } = watching(t)
  const missingHandlers = watch({ redis, bots: directory })
  const faqs = reportHandlers({ redis, handlers: ['faq'], logger: pino({ level: 'silent' }) })
  closing(() => faqs.close())
  await faqs.told
  // This worker has the code of none of them; of faq another one has it.
  const bare = await start({ handlers: new Map(), missingHandlers, logger })

  for (const chat of [1, 2, 3]) await deliver(chat, 'hello', { bot: 'shop' })
  await deliver(1, 'hello', { bot: 'faq' })
  await until(() => lines.some(line => line.code === 'WRK_HANDLER_MISSING'))
  await until(async () => (await redis.zcard('{p0}:mb:inbox:delayed')) === 4)

  const named = lines.filter(line => line.code === 'WRK_HANDLER_MISSING')
  assert.deepEqual(
    named.map(({ level, bot, handler }) => ({ level, bot, handler })),
    [{ level: 'error', bot: 'shop', handler: 'shop' }],
  )
  assert.match(await registry.metrics(), /^botyard_bot_without_handler\{bot="shop",handler="shop"\} 1$/m)
  // Nothing counts the minutes until it parks.
  assert.equal((await placeOf(redis, 'inbox', conversation(1, 'shop'))).isUnreadable, false)

  const shops = reportHandlers({ redis, handlers: ['shop'], logger: pino({ level: 'silent' }) })
  closing(() => shops.close())
  await until(() => lines.some(line => /waits for its handler no more/.test(String(line.msg))))
  await bare.close()
  await start()
  await until(() => api.sent.length === 4)

  assert.doesNotMatch(await registry.metrics(), /^botyard_bot_without_handler\{/m)
})

test('the longer nobody has the handler, the more rarely its mail is looked at, once a minute at the least', async t => {
  const { redis, directory } = await rig(t, { shop: echo })
  const { lines, watch } = watching(t)
  let now = 0
  const missing = watch({ redis, bots: directory, now: () => now })

  const first = missing.met('shop', 'shop')
  await until(() => lines.some(line => line.code === 'WRK_HANDLER_MISSING'))
  now = 40_000
  const later = missing.met('shop', 'shop')
  now = 3_600_000
  const last = missing.met('shop', 'shop')

  const [least, max] = [0.8, 1.2]
  for (const [ms, base] of [
    [first, 2_000],
    [later, 10_000],
    [last, 60_000],
  ] as const)
    assert.ok(ms >= least * base && ms <= max * base, `${ms} is about ${base}`)
})

const echo = { onMessage: (ctx: { text: string; reply: (text: string) => void }) => ctx.reply(ctx.text) }

function watching(t: { after: (close: () => unknown) => void }) {
  const lines: Record<string, unknown>[] = []
  const logger = pino(
    { formatters: { level: level => ({ level }) } },
    { write: line => void lines.push(JSON.parse(line)) },
  )
  const registry = new Registry()
  return {
    lines,
    logger,
    registry,
    watch(options: Pick<Parameters<typeof watchMissingHandlers>[0], 'redis' | 'bots' | 'now'>) {
      const watched = watchMissingHandlers({ ...options, logger, registry, lookEveryMs: 20 })
      t.after(() => watched.close())
      return watched
    },
  }
}
