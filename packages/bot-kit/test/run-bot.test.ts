import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BotContext, type BotParts, type MessageLimits, ReplyError } from '../src/index.ts'
import { run, textsOf } from './run.ts'

/** A bot whose every handler tells its name and the command it saw. */
const telling: BotParts = {
  commands: {
    start: ctx => ctx.reply(`start(${ctx.command.args})`),
    constructor_: ctx => ctx.reply('constructor_'),
  },
  onMessage: ctx => ctx.reply(`message(${ctx.command?.name ?? ''})`),
  onUpdate: ctx => ctx.reply(`update(${ctx.update.kind})`),
}

async function repliesTo(
  kind: 'message' | 'command' | 'edit' | 'button',
  text?: string,
): Promise<readonly (string | undefined)[]> {
  return textsOf(await run(telling, { kind, ...(text !== undefined && { text }) }))
}

test('replies come back in the order they were made', async () => {
  const { replies } = await run({
    onMessage: async ctx => {
      ctx.reply('one')
      await Promise.resolve()
      ctx.reply('two')
    },
  })

  assert.deepEqual(replies, [{ text: 'one' }, { text: 'two' }])
})

test('a command goes to its handler with what follows it, whomever it is addressed to and however it is written', async () => {
  assert.deepEqual(await repliesTo('command', '/start'), ['start()'])
  assert.deepEqual(await repliesTo('command', '/start@Some_Bot'), ['start()'])
  assert.deepEqual(await repliesTo('command', '/start@Some_Bot  a  b \n'), ['start(a  b)'])
  assert.deepEqual(await repliesTo('command', '/START a\nb'), ['start(a\nb)'])
})

test('a command may have a hyphen or letters of any language, as on Slack and Discord', async () => {
  const bot: BotParts = {
    commands: { 'stop-all': ctx => ctx.reply(`all(${ctx.command.args})`), größe: ctx => ctx.reply('größe') },
    onMessage: ctx => ctx.reply('message'),
  }
  const said = async (text: string) => textsOf(await run(bot, { kind: 'command', text }))

  assert.deepEqual(await said('/stop-all now'), ['all(now)'])
  assert.deepEqual(await said('/GRÖßE'), ['größe'])
  assert.deepEqual(await said('/stop -all'), ['message'])
})

test('a command the bot does not have goes to onMessage, and no inherited property stands in for it', async () => {
  assert.deepEqual(await repliesTo('command', '/stop now'), ['message(stop)'])
  assert.deepEqual(await repliesTo('command', '/constructor'), ['message(constructor)'])
  assert.deepEqual(await repliesTo('command', '/__proto__'), ['message(__proto__)'])
})

test('a message goes to onMessage, with or without text', async () => {
  assert.deepEqual(await repliesTo('message', 'hello'), ['message()'])
  assert.deepEqual(await repliesTo('message'), ['message()'])
})

test('an edited command and a button with a command’s text go to onUpdate, like everything else', async () => {
  assert.deepEqual(await repliesTo('edit', '/start'), ['update(edit)'])
  assert.deepEqual(await repliesTo('button', '/start'), ['update(button)'])
})

test('an update that no handler fits is done without replies', async () => {
  assert.deepEqual(await run({}), { replies: [] })
})

test('the context tells bot, attempt, text and update', async () => {
  let seen: BotContext | undefined
  await run(
    {
      onMessage: ctx => {
        seen = ctx
      },
    },
    { text: 'hi', user: '42' },
    { attempt: 3 },
  )

  assert.equal(seen?.bot.id, 'b')
  assert.equal(seen?.attempt, 3)
  assert.equal(seen?.text, 'hi')
  assert.equal(seen?.update.user, '42')
  assert.equal(seen?.command, undefined)
})

test('raw keeps integers beyond 2^53 and sets no prototype; rawText is what was sent', async () => {
  const sent =
    '\ufeff{"big":4912661846655238145,"small":7,"half":0.1234567890123456789,"text":"4912661846655238145","__proto__":{"x":1}}'
  let seen: { raw: unknown; rawText: string } | undefined
  await run(
    {
      onMessage: ({ raw, rawText }) => {
        seen = { raw, rawText }
      },
    },
    {},
    { raw: Buffer.from(sent) },
  )

  const raw = seen?.raw as Record<string, unknown>
  assert.equal(raw.big, 4912661846655238145n)
  assert.equal(raw.small, 7)
  assert.equal(raw.half, 0.12345678901234568)
  assert.equal(raw.text, '4912661846655238145')
  assert.equal(raw.x, undefined)
  assert.equal(Object.getPrototypeOf(raw), Object.prototype)
  assert.equal(seen?.rawText, sent.slice(1))
})

test('a payload that is no JSON fails only the bot that asks for it parsed', async () => {
  const raw = Buffer.from('<xml/>')

  await assert.rejects(run({ onMessage: ctx => ctx.raw }, {}, { raw }), SyntaxError)
  assert.deepEqual(textsOf(await run({ onMessage: ctx => ctx.reply(ctx.rawText) }, {}, { raw })), ['<xml/>'])
})

test('a reply without text, or of anything but text, is refused at once', async () => {
  for (const text of ['', undefined, null, 5, {}]) {
    await assert.rejects(run({ onMessage: ctx => ctx.reply(text as string) }), ReplyError)
  }
})

test('a reply after the handler has ended is refused: it could not be sent any more', async () => {
  let late: BotContext | undefined
  const { replies } = await run({
    onMessage: ctx => {
      late = ctx
    },
  })

  assert.throws(() => late?.reply('too late'), ReplyError)
  await assert.rejects(async () => late?.once('step', () => 1), { code: 'BOT_ONCE' })
  assert.deepEqual(replies, [])
})

test('a handler that throws, at once or later, rejects with what it threw', async () => {
  const failure = new Error('boom')

  await assert.rejects(run({ onMessage: () => Promise.reject(failure) }), failure)
  await assert.rejects(
    run({
      onMessage: () => {
        throw failure
      },
    }),
    failure,
  )
})

test('an onError that returns settles the update with its own replies and none of before', async () => {
  const { replies } = await run({
    onMessage: ctx => {
      ctx.reply('half')
      throw new Error('boom')
    },
    onError: (error, ctx) => ctx.reply(`sorry: ${(error as Error).message}`),
  })

  assert.deepEqual(replies, [{ text: 'sorry: boom' }])
})

test('an onError that throws leaves the update to be tried again', async () => {
  const onMessage = () => Promise.reject(new Error('first'))
  const onError = async () => Promise.reject(new Error('second'))

  await assert.rejects(run({ onMessage, onError }), { message: 'second' })
})

test('onError is not asked about a handler that was aborted: a shutdown is no error', async () => {
  const controller = new AbortController()
  let asked = false
  const bot: BotParts = {
    onMessage: ctx => {
      controller.abort(new Error('shutdown'))
      ctx.signal.throwIfAborted()
    },
    onError: () => {
      asked = true
    },
  }

  await assert.rejects(run(bot, {}, { signal: controller.signal }), { message: 'shutdown' })
  assert.equal(asked, false)
})

test('a handler is not begun once its signal has aborted', async () => {
  let begun = false
  const signal = AbortSignal.abort(new Error('shutdown'))

  await assert.rejects(
    run(
      {
        onMessage: () => {
          begun = true
        },
      },
      {},
      { signal },
    ),
    { message: 'shutdown' },
  )
  assert.equal(begun, false)
})

test('replies, native messages and edits keep the order in which they were said, as they were then', async () => {
  const native = { content: 'a', embeds: [{ title: 't' }] }
  const { replies } = await run({
    onMessage: ctx => {
      ctx.reply('one')
      ctx.send(native)
      native.content = 'changed later'
      ctx.edit('two')
      ctx.edit({ content: 'three' }, '77')
    },
  })

  assert.deepEqual(replies, [
    { text: 'one' },
    { native: { content: 'a', embeds: [{ title: 't' }] } },
    { action: 'edit', text: 'two' },
    { action: 'edit', native: { content: 'three' }, message: '77' },
  ])
})

test('what is no JSON object is no native message', async () => {
  for (const native of [null, 5, 'text', [], 5n, { big: 5n }, () => undefined]) {
    await assert.rejects(run({ onMessage: ctx => ctx.send(native as object) }), ReplyError)
  }
})

test('typing is shown once, at once, even by a handler that fails', async () => {
  let shown = 0
  const bot: BotParts = {
    onMessage: ctx => {
      ctx.typing()
      ctx.typing()
      throw new Error('boom')
    },
  }

  await assert.rejects(run(bot, {}, { typing: () => shown++ }))
  assert.equal(shown, 1)
})

test('the first answer to a waiting call counts, and none is given where nobody waits', async () => {
  const answers: string[] = []
  const bot: BotParts = {
    onUpdate: ctx => {
      ctx.reply(String(ctx.awaited))
      ctx.respond({ type: 9 })
      ctx.respond({ type: 4 })
    },
  }
  const waiting = { kind: 'modal', respond: { channel: 'c', id: '1', byMs: 0 } } as const

  const asked = await run(bot, waiting, { respond: json => answers.push(json) })
  const unasked = await run(bot, { kind: 'modal' }, { respond: json => answers.push(json) })

  assert.deepEqual([textsOf(asked), textsOf(unasked), answers], [['true'], ['false'], ['{"type":9}']])
})

const tenUnits: MessageLimits = {
  textLimit: { max: 10, unit: 'UTF-16 units', measure: text => text.length },
  tooLong: ({ text }) =>
    String(text).length > 10 ? 'text has more than 10 characters: shorten it' : undefined,
}

test('a reply that is longer than the platform takes becomes several, in order', async () => {
  const bot: BotParts = {
    onMessage(ctx) {
      ctx.reply('one two three four')
      ctx.reply('five')
    },
  }

  const { replies } = await run(bot, {}, { limits: tenUnits })

  assert.deepEqual(replies, [{ text: 'one two' }, { text: 'three four' }, { text: 'five' }])
})

test('a reply that would become more than twenty messages is refused in the handler, which can say less', async () => {
  const bot: BotParts = {
    onMessage(ctx) {
      ctx.reply('first')
      ctx.reply('x'.repeat(201))
    },
    onError(error, ctx) {
      ctx.reply(
        error instanceof ReplyError && /201 UTF-16 units.* takes 10 /.test(error.message) ? 'Too long!' : '?',
      )
    },
  }

  const outcome = await run(bot, {}, { limits: tenUnits })

  assert.deepEqual(textsOf(outcome), ['Too long!'])
  assert.equal(
    (await run({ onMessage: ctx => ctx.reply('x'.repeat(200)) }, {}, { limits: tenUnits })).replies.length,
    20,
  )
})

test('what cannot be split is refused in the handler, with the limit and what to do', async () => {
  const long = 'x'.repeat(11)
  const cases: [(ctx: BotContext) => void, RegExp][] = [
    [ctx => ctx.edit(long), /11 UTF-16 units.* takes 10 .*make the text shorter/],
    [ctx => ctx.edit({ text: long }), /more than 10 characters/],
    [ctx => ctx.send({ text: long }), /more than 10 characters/],
    [ctx => ctx.reply(' '.repeat(11)), /needs some text/],
  ]
  for (const [onMessage, message] of cases) {
    await assert.rejects(
      run({ onMessage }, {}, { limits: tenUnits }),
      error => error instanceof ReplyError && message.test(error.message),
    )
  }
})

test('where the platform has no limit, nothing is split or refused', async () => {
  const long = 'x'.repeat(1_000_000)
  const bot: BotParts = {
    onMessage(ctx) {
      ctx.reply(long)
      ctx.edit(long)
      ctx.send({ long })
    },
  }

  assert.equal((await run(bot)).replies.length, 3)
})
