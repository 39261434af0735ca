import type { InboundUpdate } from '@botyard/queue-contracts'
import type { BotTypes } from './bot-types.ts'
import type { Download, DownloadOptions } from './download.ts'
import type { RunOptions, Task } from './task.ts'
import type { UserData } from './user-data.ts'

/** Writes to the worker's log, with the ids of bot, update and conversation. Never log what users wrote. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** `/name args`, without the slash and a possible `@BotName`. */
export interface Command {
  /** In lower case, however it was written. */
  readonly name: string
  /** What follows the name, trimmed; empty if nothing does. */
  readonly args: string
}

/** What a handler gets: one update, what can be done about it, and what the bot remembers. */
export interface BotContext<T extends BotTypes = BotTypes> extends UserData<T> {
  readonly update: InboundUpdate
  /** What the user wrote; empty if the update has no text. */
  readonly text: string
  /** Set if the text is a command, whether the bot has one of that name or not. */
  readonly command?: Command
  /** The platform's own payload, parsed when first asked for: integers beyond 2^53 are BigInts. */
  readonly raw: unknown
  /** The platform's own payload, exactly as it was sent. */
  readonly rawText: string
  readonly bot: { readonly id: string }
  /** 1 for the first try of this update. */
  readonly attempt: number
  /**
   * Aborts when the handler took too long, the worker shuts down, or another worker took the conversation
   * over. Pass it on.
   */
  readonly signal: AbortSignal
  readonly log: Log
  /**
   * Answers the conversation. Replies are sent in order, after the handler has succeeded: if it throws, none
   * is. A text that is longer than the platform takes becomes several messages, split at a paragraph, line or
   * word. Throws `ReplyError` for an empty text, for one that would become more than 20 messages, or after
   * the handler has ended.
   *
   * ```ts
   * ctx.reply(`You said: ${ctx.text}`)
   * ```
   */
  reply(text: string): void
  /**
   * Sends the platform's own message, passed on as it is; Botyard adds who it is for. In order with the
   * replies, and like them after the handler has succeeded. Throws `ReplyError` for what is not JSON, or has
   * a text that is too long for the platform.
   *
   * ```ts
   * ctx.send({ method: 'sendPhoto', photo: 'https://example.com/cat.jpg', caption: 'A cat' }) // Telegram
   * ctx.send({ content: 'A cat', embeds: [{ image: { url: 'https://example.com/cat.jpg' } }] }) // Discord
   * ```
   */
  send(native: object): void
  /**
   * Gives an old message another content, where the platform can: the message whose button was pressed, or
   * the one of the given id (the platform's own). In order with the replies. Throws `ReplyError` for a text
   * that is too long: an edit cannot be split.
   */
  edit(content: string | object, message?: string): void
  /** Shows "is typing", where the platform can: at once, at most once, and nobody minds if it fails. */
  typing(): void
  /**
   * Answers the platform's call itself, at once, with the platform's own JSON: a modal, choices to complete,
   * an immediate message. Only where the platform waits for it ({@link awaited}), for about two seconds;
   * after that it has got the fallback and this does nothing. Only the first answer counts.
   */
  respond(native: object): void
  /** Whether the platform waits in its call for {@link respond}, now. */
  readonly awaited: boolean
  /**
   * Runs a step once and remembers its result while the update is tried again; steps of one name that run at
   * the same time are one. The result must be JSON (or nothing at all): any other is an `OnceError`. After a
   * crash between the step and the remembering it runs a second time, so make a step that must never repeat
   * idempotent on its own side too. What only writes to the bot's tables is done exactly once by
   * {@link onceInDb}.
   *
   * ```ts
   * const order = await ctx.once('order', () => shop.order('tea', { idempotencyKey: ctx.update.id }))
   * ctx.reply(`Ordered, number ${order.number}.`)
   * ```
   */
  once<T>(name: string, step: () => T | Promise<T>): Promise<T>
  /**
   * Runs a task of `defineTask` in a thread, so that what takes processor time (more than a few ms) holds up
   * no other conversation. Input and result are copied as by `structuredClone`. Rejects with
   * `TaskFailedError`, `TaskCrashedError`, `TaskTimeoutError` or `TaskQueueFullError`, and with the signal's
   * reason when it aborts: the thread is ended then.
   *
   * ```ts
   * const { intent } = await ctx.run(understand, ctx.text)
   * ```
   */
  run<In, Out>(task: Task<In, Out>, input: In, options?: RunOptions): Promise<Out>
  /**
   * A file of any size, piece by piece: what the handler has not read yet is not in memory but for a few
   * pieces. It follows no redirect, and reaches no address that bots may not call. Reading it throws
   * `DownloadError`, `DownloadTooLargeError` or the signal's reason.
   *
   * ```ts
   * for await (const line of ctx.download(url).lines()) count += line.split(',').length
   * ```
   */
  download(url: string | URL, options?: DownloadOptions): Download
}

/** What the handler of a command gets. */
export interface CommandContext<T extends BotTypes = BotTypes> extends BotContext<T> {
  readonly command: Command
}

/** Code for an update; a promise it returns is awaited. */
export type Handler<C = BotContext> = (ctx: C) => unknown
