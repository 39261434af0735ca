import type { InboundUpdate } from '@botyard/queue-contracts'
import type { BotContext, Command, CommandContext } from './context.ts'
import type { BotDefinition } from './define-bot.ts'
import { TaskQueueFullError } from './errors.ts'
import type { Invocation } from './invocation.ts'
import type { Reply } from './reply.ts'
import { type Run, RunContext } from './run-context.ts'

/** What a handler that succeeded leaves: its replies, in order. */
export interface Outcome {
  readonly replies: readonly Reply[]
}

/**
 * Runs the handler that fits an update; rejects with what it threw, unless the bot's `onError` took it. An
 * update that no handler fits is done, without replies.
 */
export async function runBot(bot: BotDefinition, invocation: Invocation): Promise<Outcome> {
  const command = readCommand(invocation.update)
  const run: Run = { replies: [], ended: false }
  const ctx: BotContext = new RunContext(invocation, command, run)
  invocation.signal.throwIfAborted()
  try {
    await callHandler(bot, ctx)
  } catch (error) {
    // After an abort it is the worker that decides: no bot should apologise to its users for a shutdown.
    if (bot.onError === undefined || invocation.signal.aborted) throw error
    if (error instanceof TaskQueueFullError || invocation.isTooEarly(error)) throw error
    // What the failed handler wanted to say is not said: only onError's replies are.
    run.replies.length = 0
    await bot.onError(error, ctx)
  } finally {
    run.ended = true
  }
  return { replies: run.replies }
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

// What may stand in a name differs from platform to platform (Slack's and Discord's have hyphens).
const commandText = /^\/([^\s@]+)(?:@\w+)?\s*/

/** What is a command the platform's adapter has decided; here it is taken apart. */
function readCommand({ kind, text = '' }: InboundUpdate): Command | undefined {
  const [head, name] = (kind === 'command' && commandText.exec(text)) || []
  if (head === undefined || name === undefined) return undefined
  return { name: name.toLowerCase(), args: text.slice(head.length).trimEnd() }
}
