import type { InboundUpdate } from '@botyard/queue-contracts'
import type { BotContext, Command, Handler, Log } from './context.ts'
import type { BotDefinition } from './define-bot.ts'
import { ReplyError } from './errors.ts'
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

/** Runs the handler that fits an update; rejects with what it threw, unless the bot's `onError` took it. */
export async function runBot(bot: BotDefinition, invocation: Invocation): Promise<Outcome> {
  const command = readCommand(invocation.update)
  const { ctx, replies, end } = createContext(invocation, command)
  const handler = handlerOf(bot, ctx)
  try {
    await handler?.(ctx)
  } catch (error) {
    if (bot.onError === undefined) throw error
    // What the failed handler wanted to say is not said: only onError's replies are.
    replies.length = 0
    await bot.onError(error, ctx)
  } finally {
    end()
  }
  return { replies }
}

function handlerOf(bot: BotDefinition, { update, command }: BotContext): Handler | undefined {
  if (command !== undefined && bot.commands !== undefined && Object.hasOwn(bot.commands, command.name)) {
    return bot.commands[command.name]
  }
  return update.kind === 'message' || update.kind === 'command' ? bot.onMessage : bot.onUpdate
}

const commandText = /^\/([A-Za-z0-9_]+)(?:@\S+)?(?:\s+([\s\S]*))?$/

function readCommand({ kind, text }: InboundUpdate): Command | undefined {
  if (kind !== 'message' && kind !== 'command') return undefined
  const match = commandText.exec(text ?? '')
  return match === null ? undefined : { name: match[1]!, args: (match[2] ?? '').trim() }
}

function createContext({ update, raw, attempt, signal, once, log }: Invocation, command: Command | undefined) {
  const replies: string[] = []
  let ended = false
  let parsed: { value: unknown } | undefined
  const ctx: BotContext = {
    update,
    text: update.text ?? '',
    command,
    bot: { id: update.bot },
    attempt,
    signal,
    log,
    once: createOnce(once),
    get rawText() {
      return raw.toString()
    },
    get raw() {
      parsed ??= { value: parseLossless(raw.toString()) }
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
