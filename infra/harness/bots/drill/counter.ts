import { defineBot, sql } from '@botyard/bot-kit'

/** What the drill reads again from the shards, for the compiler. */
interface Counter {
  profile: { updates: number }
  tables: {
    drill_counters: { user_key: bigint; user_id: string; n: number }
    drill_updates: { user_key: bigint; user_id: string; said: string }
  }
}

/**
 * Counts each user's updates, in their profile and in a table, and keeps what was said with the count: all of
 * it must agree.
 */
export default defineBot<Counter>({
  migrations: [
    {
      version: 1,
      name: 'counters',
      async up(db) {
        const table = (name: string) =>
          db.schema
            .createTable(name)
            .addColumn('user_key', 'bigint', col => col.notNull())
            .addColumn('user_id', 'text', col => col.notNull())
        await table('drill_counters')
          .addColumn('n', 'integer', col => col.notNull())
          .addPrimaryKeyConstraint('drill_counters_pkey', ['user_key', 'user_id'])
          .execute()
        // The same words twice are two rows: that is what the drill looks for.
        await table('drill_updates')
          .addColumn('said', 'text', col => col.notNull())
          .addColumn('id', 'uuid', col => col.notNull().defaultTo(sql`gen_random_uuid()`))
          .addPrimaryKeyConstraint('drill_updates_pkey', ['user_key', 'user_id', 'id'])
          .execute()
      },
    },
  ],
  async onMessage(ctx) {
    const mine = { user_key: ctx.user.key, user_id: ctx.user.id }
    await ctx.onceInDb('count', async trx => {
      await trx
        .insertInto('drill_counters')
        .values({ ...mine, n: 1 })
        .onConflict(oc =>
          oc.columns(['user_key', 'user_id']).doUpdateSet(eb => ({ n: eb('drill_counters.n', '+', 1) })),
        )
        .execute()
      await trx
        .insertInto('drill_updates')
        .values({ ...mine, said: ctx.text })
        .execute()
      return true
    })
    await ctx.user.update(({ updates = 0 }) => ({ updates: updates + 1 }))
    ctx.reply(ctx.text)
  },
})
