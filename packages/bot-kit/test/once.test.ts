import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { BotContext } from '../src/index.ts'
import { memoryStore, run } from './run.ts'

/** One try of an update: what `once` gave for these steps. */
async function attempt<T>(kept: Map<string, string>, steps: (ctx: BotContext) => Promise<T>): Promise<T> {
  let result: { value: T } | undefined
  await run(
    {
      onMessage: async ctx => {
        result = { value: await steps(ctx) }
      },
    },
    {},
    { once: memoryStore(kept) },
  )
  assert.ok(result)
  return result.value
}

test('a step runs once over all tries, and every try sees its result', async () => {
  const kept = new Map<string, string>()
  let runs = 0
  const step = (ctx: BotContext) => ctx.once('order', async () => ({ number: ++runs }))

  assert.deepEqual(await attempt(kept, step), { number: 1 })
  assert.deepEqual(await attempt(kept, step), { number: 1 })
  assert.equal(runs, 1)
})

test('steps of one name at the same time are one, of two names two', async () => {
  let runs = 0
  const step = async () => ++runs

  const results = await attempt(new Map(), ctx =>
    Promise.all([ctx.once('a', step), ctx.once('a', step), ctx.once('b', step)]),
  )

  assert.deepEqual(results, [1, 1, 2])
})

test('a step that returns nothing is remembered too', async () => {
  const kept = new Map<string, string>()
  let runs = 0
  const step = (ctx: BotContext) => ctx.once('mail', () => void runs++)

  assert.equal(await attempt(kept, step), undefined)
  assert.equal(await attempt(kept, step), undefined)
  assert.equal(runs, 1)
})

test('a step that fails is not remembered: it may be tried again, in this try or the next', async () => {
  const kept = new Map<string, string>()
  let runs = 0
  const step = async () => {
    runs += 1
    if (runs < 3) throw new Error(`failure ${runs}`)
    return runs
  }

  await assert.rejects(
    attempt(kept, ctx => ctx.once('shaky', step)),
    { message: 'failure 1' },
  )
  assert.equal(await attempt(kept, ctx => ctx.once('shaky', step).catch(() => ctx.once('shaky', step))), 3)
})

test('a step whose result the store cannot keep fails the handler: it is not passed over', async () => {
  const store = { ...memoryStore(), set: () => Promise.reject(new Error('store away')) }

  await assert.rejects(run({ onMessage: ctx => ctx.once('a', () => 1) }, {}, { once: store }), {
    message: 'store away',
  })
})

test('a result that JSON would lose or change is refused, and the error says where it is', async () => {
  const cycle: { self?: object } = {}
  cycle.self = cycle
  const cases: [unknown, RegExp][] = [
    [{ order: { at: new Date(0) } }, /it\.order\.at is a Date/],
    [[1, { n: 10n }], /it\[1\]\.n is a bigint/],
    [[1, undefined], /it\[1\] is undefined/],
    [new Map(), /it is a Map/],
    [Buffer.from('x'), /it is a Buffer/],
    [Number.NaN, /it is NaN/],
    [{ call: () => 1 }, /it\.call is a function/],
    [Symbol('s'), /it is a symbol/],
    [cycle, /it\.self holds itself/],
  ]
  for (const [value, message] of cases) {
    const failing = run({ onMessage: ctx => ctx.once('step', () => value) })

    await assert.rejects(failing, { code: 'BOT_ONCE', message })
  }
})

test('any JSON comes back the same, from the first run as from the store', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async value => {
      const kept = new Map<string, string>()

      const first = await attempt(kept, ctx => ctx.once('step', () => value))
      const second = await attempt(kept, ctx => ctx.once('step', () => assert.fail('it ran again')))

      const json: unknown = JSON.parse(JSON.stringify(value))
      assert.deepEqual(first, json)
      assert.deepEqual(second, json)
    }),
  )
})

test('the first run sees what a later one would: an undefined property is absent', async () => {
  const result = await attempt(new Map(), ctx => ctx.once('step', () => ({ a: 1, b: undefined })))

  assert.deepEqual(Object.keys(result), ['a'])
})
