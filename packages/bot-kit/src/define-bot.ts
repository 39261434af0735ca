import type { BotContext, Handler } from './context.ts'

/** The parts of a bot; each is optional. */
export interface BotParts {
  /** By name, without the slash. Commands go before `onMessage`. */
  readonly commands?: Readonly<Record<string, Handler>>
  /** Messages that are no command of this bot. */
  readonly onMessage?: Handler
  /** Everything else: buttons, reactions, edits, members, and kinds that Botyard does not know. */
  readonly onUpdate?: Handler
  /** Called when a handler throws. If it returns, the update counts as handled; if it throws, the update is tried again. */
  readonly onError?: (error: unknown, ctx: BotContext) => unknown
}

const brand = Symbol.for('@botyard/bot-kit/definition')

/** A bot as `defineBot` made it. */
export interface BotDefinition extends BotParts {
  readonly [brand]: true
}

/**
 * Defines a bot; its file's name is the name of the handler.
 *
 * ```ts
 * export default defineBot({
 *   commands: { start: ctx => ctx.reply('Hello!') },
 *   onMessage: ctx => ctx.reply(`You said: ${ctx.text}`),
 * })
 * ```
 */
export function defineBot(parts: BotParts): BotDefinition {
  return Object.freeze({ ...parts, [brand]: true as const })
}

/** Whether a value came from {@link defineBot}, of this or another copy of the package. */
export function isBotDefinition(value: unknown): value is BotDefinition {
  return typeof value === 'object' && value !== null && brand in value
}
