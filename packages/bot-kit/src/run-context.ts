import type { BotContext, Command } from './context.ts'
import { DataError, OnceError, ReplyError, TaskFailedError } from './errors.ts'
import type { Invocation } from './invocation.ts'
import { checkLength, piecesOf } from './message-limits.ts'
import { createOnce } from './once.ts'
import { parseLossless } from './parse-lossless.ts'
import { readNative, readText } from './read-content.ts'
import type { Reply } from './reply.ts'
import type { UserData } from './user-data.ts'

/** How far a run is, as its runner sees it; the context is the bot's. */
export interface Run {
  readonly replies: Reply[]
  /** The handler has ended: what it left running may do nothing any more. */
  ended: boolean
}

// Drops a leading byte order mark, which is no JSON.
const utf8 = new TextDecoder()

/**
 * What a handler gets, for one run on one update.
 *
 * A class, because V8 gives every object literal with getters a hidden class of its own, which refers to the
 * getters' closures and lives until the next full collection: a third of what a worker allocated outlived the
 * minor ones, at a sixth of its time.
 */
export class RunContext implements BotContext {
  readonly update: BotContext['update']
  readonly text: string
  declare readonly command?: Command
  readonly bot: { readonly id: string }
  readonly attempt: number
  readonly signal: AbortSignal
  readonly log: BotContext['log']
  readonly #invocation: Invocation
  readonly #run: Run
  #runOnce: BotContext['once'] | undefined
  #typed = false
  #responded = false
  #raw: { readonly value: unknown } | undefined
  #data: UserData | undefined

  constructor(invocation: Invocation, command: Command | undefined, run: Run) {
    const { update, attempt, signal, log } = invocation
    this.update = update
    this.text = update.text ?? ''
    if (command) this.command = command
    this.bot = { id: update.bot }
    this.attempt = attempt
    this.signal = signal
    this.log = log
    this.#invocation = invocation
    this.#run = run
  }

  get awaited() {
    return this.#invocation.isAwaited()
  }

  get rawText() {
    return utf8.decode(this.#invocation.raw)
  }

  get raw() {
    this.#raw ??= { value: parseLossless(this.rawText) }
    return this.#raw.value
  }

  get user() {
    return this.#open('ctx.user').user
  }

  get session() {
    return this.#open('ctx.session').session
  }

  get state() {
    return this.#open('ctx.state').state
  }

  get db() {
    return this.#open('ctx.db').db
  }

  get cache() {
    return this.#open('ctx.cache').cache
  }

  // Properties, as bots may take them out of the context: `const { reply } = ctx`.
  readonly transaction: BotContext['transaction'] = async work =>
    await this.#open('ctx.transaction').transaction(work)

  readonly onceInDb: BotContext['onceInDb'] = async (name, step) =>
    await this.#open('ctx.onceInDb').onceInDb(name, step)

  readonly once: BotContext['once'] = async (name, step) => {
    if (this.#run.ended)
      throw new OnceError('The handler has ended: await what you start before you begin a step')
    this.#runOnce ??= createOnce(this.#invocation.once)
    return await this.#runOnce(name, step)
  }

  readonly run: BotContext['run'] = (task, input, options = {}) => {
    if (this.#run.ended) {
      return Promise.reject(new TaskFailedError('The handler has ended: await what you start before you run'))
    }
    const signal = this.#eitherOf(options.signal)
    const result = this.#invocation.runTask(task, input, { ...options, signal })
    // A task that nobody awaits may fail: the process must not.
    result.catch(() => undefined)
    return result
  }

  readonly download: BotContext['download'] = (url, options = {}) =>
    this.#invocation.download(url, { ...options, signal: this.#eitherOf(options.signal) })

  readonly reply: BotContext['reply'] = text => {
    const { text: whole } = readText(text)
    for (const piece of piecesOf(whole, this.#invocation.limits)) this.#say('reply', { text: piece })
  }

  readonly send: BotContext['send'] = native => {
    const message = readNative(native)
    checkLength(message, this.#invocation.limits)
    this.#say('send', message)
  }

  readonly edit: BotContext['edit'] = (content, message) => {
    const said = typeof content === 'string' ? readText(content) : readNative(content)
    if (message !== undefined && (typeof message !== 'string' || message === '')) {
      throw new ReplyError("Name the message to edit by the platform's own id, a text")
    }
    checkLength(said, this.#invocation.limits)
    this.#say('edit', { action: 'edit', ...said, ...(message !== undefined && { message }) })
  }

  readonly typing: BotContext['typing'] = () => {
    if (this.#typed || this.#run.ended) return
    this.#typed = true
    this.#invocation.typing()
  }

  readonly respond: BotContext['respond'] = native => {
    const json = JSON.stringify(readNative(native).native)
    if (this.#responded || this.#run.ended || !this.awaited) return
    this.#responded = true
    this.#invocation.respond(json)
  }

  #say(what: string, reply: Reply): void {
    if (this.#run.ended)
      throw new ReplyError(`The handler has ended: await what you start before you ${what}`)
    this.#run.replies.push(reply)
  }

  #eitherOf(own: AbortSignal | undefined): AbortSignal {
    return own === undefined ? this.signal : AbortSignal.any([this.signal, own])
  }

  #open(what: string): UserData {
    if (this.#run.ended)
      throw new DataError(`The handler has ended: await what you start before you use ${what}`)
    this.#data ??= this.#invocation.openData()
    return this.#data
  }
}
