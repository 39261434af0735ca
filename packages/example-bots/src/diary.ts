import { defineBot, type Generated, sql } from '@botyard/bot-kit'

/** What the diary remembers, for the compiler. */
interface Diary {
  profile: { name: string; visits: number }
  tables: {
    diary_entries: {
      user_key: bigint
      user_id: string
      id: Generated<string>
      at: Generated<Date>
      text: string
    }
  }
}

/**
 * A diary that knows its writer: `/start` counts visits, `/name Ada` is remembered, what you write is kept,
 * `/read` tells it.
 */
export default defineBot<Diary>({
  migrations: [
    {
      version: 1,
      name: 'entries',
      up: db =>
        db.schema
          .createTable('diary_entries')
          .addColumn('user_key', 'bigint', col => col.notNull())
          .addColumn('user_id', 'text', col => col.notNull())
          .addColumn('id', 'uuid', col => col.notNull().defaultTo(sql`gen_random_uuid()`))
          .addColumn('at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
          .addColumn('text', 'text', col => col.notNull())
          .addPrimaryKeyConstraint('diary_entries_pkey', ['user_key', 'user_id', 'id'])
          .execute(),
    },
  ],
  commands: {
    start: async ctx => {
      const { name = 'stranger', visits } = await ctx.user.update(({ visits = 0 }) => ({
        visits: visits + 1,
      }))
      ctx.reply(
        `Hello, ${name}! This is visit ${visits}. Write me something, /read it, or tell me your /name.`,
      )
    },
    name: async ctx => {
      if (ctx.command.args === '') return ctx.reply('Like this: /name Ada')
      const { name } = await ctx.user.update({ name: ctx.command.args })
      ctx.reply(`Nice to meet you, ${name}.`)
    },
    read: async ctx => {
      const entries = await ctx.db
        .selectFrom('diary_entries')
        .select(['at', 'text'])
        .where('user_key', '=', ctx.user.key)
        .where('user_id', '=', ctx.user.id)
        .orderBy('at', 'desc')
        .limit(5)
        .execute()
      const lines = entries.map(({ at, text }) => `${at.toISOString().slice(0, 10)} ${text}`)
      ctx.reply(lines.reverse().join('\n') || 'Your diary is empty.')
    },
  },
  onMessage: async ctx => {
    if (ctx.text === '') return
    // Written once, together with the count that is answered, however often this update is tried.
    const count = await ctx.onceInDb('entry', async trx => {
      const mine = { user_key: ctx.user.key, user_id: ctx.user.id }
      await trx
        .insertInto('diary_entries')
        .values({ ...mine, text: ctx.text.replaceAll('\0', '').toWellFormed() })
        .execute()
      const { entries } = await trx
        .selectFrom('diary_entries')
        .select(eb => eb.fn.countAll<bigint>().as('entries'))
        .where(eb => eb.and(mine))
        .executeTakeFirstOrThrow()
      return Number(entries)
    })
    ctx.reply(`Noted: entry ${count}.`)
  },
})
