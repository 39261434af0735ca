import type { InboundUpdate } from '@botyard/queue-contracts'

/** Writes to the worker's log, with the ids of bot, update and conversation. Never log what users wrote. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** `/name args` as a user wrote it, without the slash and a possible `@BotName`. */
export interface Command {
  readonly name: string
  readonly args: string
}

/** What a handler gets: one update, and what can be done about it. */
export interface BotContext {
  readonly update: InboundUpdate
  /** What the user wrote; empty if the update has no text. */
  readonly text: string
  readonly command: Command | undefined
  /** The platform's own payload, parsed when first asked for: integers beyond 2^53 are BigInts. */
  readonly raw: unknown
  /** The platform's own payload, exactly as it was sent. */
  readonly rawText: string
  readonly bot: { readonly id: string }
  /** 1 for the first try of this update. */
  readonly attempt: number
  /** Aborts when the handler took too long, the worker shuts down, or another worker took the conversation over. Pass it on. */
  readonly signal: AbortSignal
  readonly log: Log
  /**
   * Answers the conversation. Replies are sent in order, after the handler has succeeded: if it throws, none is. Throws
   * `ReplyError` for an empty text, or after the handler has ended.
   */
  reply(text: string): void
  /**
   * Runs a step once and remembers its result (JSON) while the update is tried again. After a crash between the step and
   * the remembering it runs a second time, so make steps that must never repeat idempotent on their own side too.
   */
  once<T>(name: string, step: () => T | Promise<T>): Promise<T>
}

/** Code for an update; may be asynchronous. */
export type Handler = (ctx: BotContext) => unknown
