import { type BotContext, defineBot, defineTask } from '../src/index.ts'

// Checked by the compiler alone: every line under an @ts-expect-error must not compile.

defineBot({
  commands: {
    // A command's handler knows that there is a command.
    start: ctx => ctx.reply(ctx.command.args),
    // @ts-expect-error: a handler is a function
    stop: 'stop',
  },
  // @ts-expect-error: a message need not be a command
  onMessage: ctx => ctx.reply(ctx.command.name),
  onUpdate: async ctx => {
    ctx.reply(ctx.text)
    // @ts-expect-error: replies are text
    ctx.reply(5)
    // @ts-expect-error: there is nothing to await, replies are sent after the handler
    await ctx.reply('now').then()
    // @ts-expect-error: what the platform sent is unknown until it is checked
    ctx.raw.message
    // @ts-expect-error: a context is read only
    ctx.text = 'else'
  },
  // @ts-expect-error: what was thrown is unknown
  onError: error => error.message,
})

// @ts-expect-error: there is no such part
defineBot({ onMesage: () => undefined })

export async function steps(ctx: BotContext): Promise<void> {
  const count: number = await ctx.once('count', async () => 1)
  await ctx.once('nothing', () => {})
  // @ts-expect-error: the result is what the step returns
  const text: string = await ctx.once('text', () => count)
  void text
}

const lengths = defineTask<(texts: readonly string[]) => Promise<number[]>>(new URL(import.meta.url))

export async function tasks(ctx: BotContext): Promise<void> {
  const found: number[] = await ctx.run(lengths, ['a'])
  // @ts-expect-error: the input is what the task takes
  await ctx.run(lengths, [1])
  // @ts-expect-error: the result is what the task returns
  const text: string = await ctx.run(lengths, ['a'], { timeoutMs: 5 })
  // @ts-expect-error: a task is a function
  defineTask<string>(new URL(import.meta.url))
  void [found, text]
}

interface Notes {
  readonly profile: { name: string; visits: number }
  readonly session: { asked: 'name' | 'mail' }
  readonly tables: { notes: { user_key: bigint; text: string } }
}

defineBot<Notes>({
  commands: { start: ctx => rememberName(ctx, ctx.command.args) },
  onMessage: async ctx => {
    const { visits } = await ctx.user.update(({ visits = 0 }) => ({ visits: visits + 1 }))
    const more: number | undefined = visits
    // @ts-expect-error: the profile has a name, not a nick
    await ctx.user.update({ nick: 'Ada' })
    // @ts-expect-error: a question nobody asks
    await ctx.session.set({ asked: 'age' })
    const rows = await ctx.db
      .selectFrom('notes')
      .select('text')
      .where('user_key', '=', ctx.user.key)
      .execute()
    // @ts-expect-error: the bot has no such table
    ctx.db.selectFrom('letters')
    const kept: string = await ctx.onceInDb('note', async trx => {
      await trx.insertInto('notes').values({ user_key: ctx.user.key, text: ctx.text }).execute()
      return rows[0]?.text ?? ctx.text
    })
    await rememberAnything(ctx)
    void [kept, more]
  },
})

async function rememberName(ctx: BotContext<Notes>, name: string): Promise<void> {
  await ctx.user.update({ name })
}

// What takes any bot's context takes that of a bot with types too.
async function rememberAnything(ctx: BotContext): Promise<void> {
  await ctx.user.update({ anything: 1 })
  await ctx.db.selectFrom('whatever').selectAll().execute()
  const count: number | undefined = await ctx.state.conversation.update<number>('count', (n = 0) => n + 1)
  const rates: string[] = await ctx.cache.remember('rates', { ttl: 1 }, () => ['1'])
  void [count, rates]
}
