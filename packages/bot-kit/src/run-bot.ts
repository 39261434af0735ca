import type { InboundUpdate, OutboundMessage } from '@botyard/queue-contracts'
import type { BotContext, Command, CommandContext, Log } from './context.ts'
import type { BotDefinition } from './define-bot.ts'
import type { OpenDownload } from './download.ts'
import { DataError, OnceError, ReplyError, TaskFailedError, TaskQueueFullError } from './errors.ts'
import { createOnce, type OnceStore } from './once.ts'
import { parseLossless } from './parse-lossless.ts'
import { readNative, readText } from './read-content.ts'
import type { RunTask } from './task.ts'
import type { UserData } from './user-data.ts'

/** One run of a bot on one update. */
export interface Invocation {
  readonly update: InboundUpdate
  /** The platform's bytes. */
  readonly raw: Buffer
  readonly attempt: number
  readonly signal: AbortSignal
  readonly once: OnceStore
  /** Runs a task in a thread. */
  readonly runTask: RunTask
  /** Gets a file. */
  readonly download: OpenDownload
  /** Opens what the bot remembers; called once at most, when first asked for. */
  readonly openData: () => UserData
  /** Whether nothing has failed, it is only too early: the bot's `onError` is not asked then. */
  readonly isTooEarly: (error: unknown) => boolean
  readonly log: Log
  /** Shows "is typing"; must not throw. */
  readonly typing: () => void
  /** Answers the platform's call with this JSON; must not throw. */
  readonly respond: (json: string) => void
}

/** One thing that a handler said. */
export type Reply = Pick<OutboundMessage, 'action' | 'text' | 'native' | 'message'>

/** What a handler that succeeded leaves: its replies, in order. */
export interface Outcome {
  readonly replies: readonly Reply[]
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
    if (error instanceof TaskQueueFullError || invocation.isTooEarly(error)) throw error
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

// What may stand in a name differs from platform to platform (Slack's and Discord's have hyphens).
const commandText = /^\/([^\s@]+)(?:@\w+)?\s*/

/** What is a command the platform's adapter has decided; here it is taken apart. */
function readCommand({ kind, text = '' }: InboundUpdate): Command | undefined {
  const [head, name] = (kind === 'command' && commandText.exec(text)) || []
  if (head === undefined || name === undefined) return undefined
  return { name: name.toLowerCase(), args: text.slice(head.length).trimEnd() }
}

// Drops a leading byte order mark, which is no JSON.
const utf8 = new TextDecoder()

function createContext(invocation: Invocation, command: Command | undefined) {
  const { update, raw, attempt, signal, log } = invocation
  const replies: Reply[] = []
  const runOnce = createOnce(invocation.once)
  let ended = false
  let typed = false
  let responded = false
  let parsed: { value: unknown } | undefined
  let opened: UserData | undefined

  function say(what: string, reply: Reply): void {
    if (ended) throw new ReplyError(`The handler has ended: await what you start before you ${what}`)
    replies.push(reply)
  }

  const eitherOf = (own: AbortSignal | undefined) => (own === undefined ? signal : AbortSignal.any([signal, own]))
  function data(what: string): UserData {
    if (ended) throw new DataError(`The handler has ended: await what you start before you use ${what}`)
    opened ??= invocation.openData()
    return opened
  }

  const ctx: BotContext = {
    update,
    text: update.text ?? '',
    ...(command && { command }),
    bot: { id: update.bot },
    attempt,
    signal,
    log,
    awaited: update.respond !== undefined,
    once: async (name, step) => {
      if (ended) throw new OnceError('The handler has ended: await what you start before you begin a step')
      return await runOnce(name, step)
    },
    run(task, input, options = {}) {
      if (ended)
        return Promise.reject(new TaskFailedError('The handler has ended: await what you start before you run'))
      const result = invocation.runTask(task, input, { ...options, signal: eitherOf(options.signal) })
      // A task that nobody awaits may fail: the process must not.
      result.catch(() => undefined)
      return result
    },
    download: (url, options = {}) => invocation.download(url, { ...options, signal: eitherOf(options.signal) }),
    get rawText() {
      return utf8.decode(raw)
    },
    get raw() {
      parsed ??= { value: parseLossless(utf8.decode(raw)) }
      return parsed.value
    },
    get user() {
      return data('ctx.user').user
    },
    get session() {
      return data('ctx.session').session
    },
    get state() {
      return data('ctx.state').state
    },
    get db() {
      return data('ctx.db').db
    },
    get cache() {
      return data('ctx.cache').cache
    },
    transaction: async work => await data('ctx.transaction').transaction(work),
    onceInDb: async (name, step) => await data('ctx.onceInDb').onceInDb(name, step),
    reply: text => say('reply', readText(text)),
    send: native => say('send', readNative(native)),
    edit(content, message) {
      const said = typeof content === 'string' ? readText(content) : readNative(content)
      if (message !== undefined && (typeof message !== 'string' || message === '')) {
        throw new ReplyError("Name the message to edit by the platform's own id, a text")
      }
      say('edit', { action: 'edit', ...said, ...(message !== undefined && { message }) })
    },
    typing() {
      if (typed || ended) return
      typed = true
      invocation.typing()
    },
    respond(native) {
      const json = JSON.stringify(readNative(native).native)
      if (responded || ended || !ctx.awaited) return
      responded = true
      invocation.respond(json)
    },
  }
  const end = () => {
    ended = true
  }
  return { ctx, replies, end }
}
