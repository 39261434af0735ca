import type { InboundUpdate } from '@botyard/queue-contracts'
import type { BotContext, Command, CommandContext, Log } from './context.ts'
import type { BotDefinition } from './define-bot.ts'
import { OnceError, ReplyError } from './errors.ts'
import { createOnce, type OnceStore } from './once.ts'
import { parseLossless } from './parse-lossless.ts'

/** One run of a bot on one update. */
export interface Invocation {
  readonly update: InboundUpdate
  /** The platform's bytes. */
  readonly raw: Buffer
  readonly attempt: number
  readonly signal: AbortSignal
  readonly once: OnceStore
  readonly log: Log
}

/** What a handler that succeeded leaves: its replies, in order. */
export interface Outcome {
  readonly replies: readonly string[]
}

/**
 * Runs the handler that fits an update; rejects with what it threw, unless the bot's `onError` took it. An update that no
 * handler fits is done, without replies.
 */
export async function runBot(bot: BotDefinition, invocation: Invocation): Promise<Outcome> {
  const command = readCommand(invocation.update)
  const { ctx, replies, end } = createContext(invocation, command)
  invocation.signal.throwIfAborted()
  try {
    await callHandler(bot, ctx)
  } catch (error) {
    // After an abort it is the worker that decides: no bot should apologise to its users for a shutdown.
    if (bot.onError === undefined || invocation.signal.aborted) throw error
    // What the failed handler wanted to say is not said: only onError's replies are.
    replies.length = 0
    await bot.onError(error, ctx)
  } finally {
    end()
  }
  return { replies }
}

function callHandler(bot: BotDefinition, ctx: BotContext): unknown {
  if (isCommand(ctx) && bot.commands !== undefined && Object.hasOwn(bot.commands, ctx.command.name)) {
    return bot.commands[ctx.command.name]?.(ctx)
  }
  const { kind } = ctx.update
  const handler = kind === 'message' || kind === 'command' ? bot.onMessage : bot.onUpdate
  return handler?.(ctx)
}

function isCommand(ctx: BotContext): ctx is CommandContext {
  return ctx.command !== undefined
}

const commandText = /^\/(\w+)(?:@\w+)?\s*/

/** What is a command the platform's adapter has decided; here it is taken apart. */
function readCommand({ kind, text = '' }: InboundUpdate): Command | undefined {
  const [head, name] = (kind === 'command' && commandText.exec(text)) || []
  if (head === undefined || name === undefined) return undefined
  return { name: name.toLowerCase(), args: text.slice(head.length).trimEnd() }
}

// Drops a leading byte order mark, which is no JSON.
const utf8 = new TextDecoder()

function createContext({ update, raw, attempt, signal, once, log }: Invocation, command: Command | undefined) {
  const replies: string[] = []
  const runOnce = createOnce(once)
  let ended = false
  let parsed: { value: unknown } | undefined
  const ctx: BotContext = {
    update,
    text: update.text ?? '',
    ...(command && { command }),
    bot: { id: update.bot },
    attempt,
    signal,
    log,
    once: async (name, step) => {
      if (ended) throw new OnceError('The handler has ended: await what you start before you begin a step')
      return await runOnce(name, step)
    },
    get rawText() {
      return utf8.decode(raw)
    },
    get raw() {
      parsed ??= { value: parseLossless(utf8.decode(raw)) }
      return parsed.value
    },
    reply(text) {
      if (ended) throw new ReplyError('The handler has ended: await what you start before you reply')
      if (typeof text !== 'string' || text === '') throw new ReplyError('A reply needs some text')
      replies.push(text)
    },
  }
  const end = () => {
    ended = true
  }
  return { ctx, replies, end }
}
