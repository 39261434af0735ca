import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { BotParts, UserData } from '@botyard/bot-kit'
import { until } from '../helper.ts'
import { dataRigs } from './data-rig.ts'

const migrations: BotParts['migrations'] = [
  {
    version: 1,
    name: 'notes',
    up: db =>
      db.schema
        .createTable('notes')
        .addColumn('user_key', 'bigint', col => col.notNull())
        .addColumn('id', 'uuid', col => col.notNull().defaultTo(db.fn('gen_random_uuid')))
        .addColumn('text', 'text', col => col.notNull())
        .addPrimaryKeyConstraint('notes_pkey', ['user_key', 'id'])
        .execute(),
  },
]
const build = dataRigs({ migrations })

test("a step writes to the bot's own table exactly once, and a later run of the update is answered its result", async t => {
  const { start, deliver, open, api, userOn } = await build(t, {
    bot: {
      async onMessage(ctx) {
        const attempt = await ctx.onceInDb('note', async trx => {
          await trx.insertInto('notes').values({ user_key: ctx.user.key, text: ctx.text }).execute()
          return ctx.attempt
        })
        if (ctx.attempt < 3) throw new Error('died between the commit and the settle')
        ctx.reply(`${attempt} ${await notesOf(ctx)}`)
      },
    },
  })
  const { openData, writes } = await open()
  await start({ openData })

  await deliver(7, 'hello', { user: userOn(1) })
  await until(() => api.sent.length === 1)

  assert.deepEqual(api.textsOf(7), ['1 hello'])
  assert.deepEqual(await writes(), { 'step done': 1, 'step repeated': 2 })
})

test('of two runs of one update at the same time one writes, and both have its result', async t => {
  const { open, userOn } = await build(t)
  const processes = [await open(), await open()]
  const [hash, user] = [randomBytes(16), userOn(0)]
  const begun = Array.from(processes, () => Promise.withResolvers<void>())

  const results = await Promise.all(
    processes.map(({ of }, n) => {
      const data = of({ user }, { hash })
      return data.onceInDb('note', async trx => {
        begun[n]!.resolve()
        // Both are within before one of them writes.
        await Promise.all(begun.map(({ promise }) => promise))
        await trx
          .insertInto('notes')
          .values({ user_key: data.user.key, text: `run ${n}` })
          .execute()
        return n
      })
    }),
  )

  assert.equal(results[0], results[1])
  assert.deepEqual(await notesOf(processes[0]!.of({ user })), [`run ${results[0]}`])
})

test('a step that fails, or whose result is not JSON, leaves nothing behind and may be tried again', async t => {
  const { open, userOn } = await build(t)
  const { of } = await open()
  const data = of({ user: userOn(0) })
  const step = (result: unknown) =>
    data.onceInDb('note', async trx => {
      await trx.insertInto('notes').values({ user_key: data.user.key, text: 'a' }).execute()
      if (result instanceof Error) throw result
      return result
    })
  const count = async () => (await notesOf(data)).length

  await assert.rejects(step(new Error('no')), { message: 'no' })
  await assert.rejects(step(new Map()), { code: 'BOT_ONCE', message: /it.value is a Map/ })
  assert.equal(await count(), 0)
  assert.equal(await step(undefined), undefined)
  assert.equal(await step(5), undefined)
  assert.equal(await count(), 1)
})

test('what a transaction wrote before it threw is rolled back', async t => {
  const { open, userOn } = await build(t)
  const data = (await open()).of({ user: userOn(1) })

  await assert.rejects(
    data.transaction(async trx => {
      await trx.insertInto('notes').values({ user_key: data.user.key, text: 'a' }).execute()
      throw new Error('no')
    }),
    { message: 'no' },
  )
  await data.transaction(trx =>
    trx.insertInto('notes').values({ user_key: data.user.key, text: 'b' }).execute(),
  )

  assert.deepEqual(await notesOf(data), ['b'])
})

async function notesOf({ db, user }: Pick<UserData, 'db' | 'user'>): Promise<string[]> {
  const rows = await db.selectFrom('notes').select('text').where('user_key', '=', user.key).execute()
  return rows.map(({ text }) => text)
}
