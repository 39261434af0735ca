import { type BotMigration, requireMigrations } from './bot-migration.ts'
import type { BotTypes } from './bot-types.ts'
import type { BotContext, CommandContext, Handler } from './context.ts'
import { BotDefinitionError } from './errors.ts'

/** The parts of a bot; each is optional. `T` names the types of what it remembers. */
export interface BotParts<T extends BotTypes = BotTypes> {
  /** By name, in lower case and without the slash. Commands go before `onMessage`. */
  readonly commands?: Readonly<Record<string, Handler<CommandContext<T>>>>
  /** Messages that are no command of this bot. */
  readonly onMessage?: Handler<BotContext<T>>
  /** Everything else: buttons, reactions, edits, members, and kinds that Botyard does not know. */
  readonly onUpdate?: Handler<BotContext<T>>
  /**
   * Called when a handler throws. If it returns, the update counts as handled, with the replies made here and
   * none of before; if it throws, the update is tried again. It is not asked after `ctx.signal` aborted: a
   * shutdown is no error.
   */
  readonly onError?: (error: unknown, ctx: BotContext<T>) => unknown
  /** The bot's own tables on the users' shards. */
  readonly migrations?: readonly BotMigration[]
}

const brand = Symbol.for('@botyard/bot-kit/definition')

/** A bot as `defineBot` made it. */
export interface BotDefinition extends BotParts {
  readonly [brand]: true
}

/**
 * Defines a bot; its file's name is the name of the handler. Throws `BotDefinitionError` for what could never
 * be called.
 *
 * ```ts
 * export default defineBot({
 *   commands: { start: ctx => ctx.reply('Hello!') },
 *   onMessage: ctx => ctx.reply(`You said: ${ctx.text}`),
 * })
 * ```
 *
 * What the bot remembers may be given types: `defineBot<{ profile: { name: string }; tables: { scores:
 * ScoreRow } }>({ … })`.
 */
export function defineBot<T extends BotTypes = BotTypes>(parts: BotParts<T>): BotDefinition {
  const { commands = {}, migrations, ...handlers } = parts
  if (migrations !== undefined) requireMigrations(migrations)
  for (const [name, handler] of Object.entries(handlers)) {
    if (!handlerNames.has(name)) throw new BotDefinitionError(`A bot has no ${name}: it may have ${allNames}`)
    if (handler !== undefined) requireFunction(name, handler)
  }
  for (const [name, handler] of Object.entries(commands)) {
    if (!commandName.test(name)) {
      throw new BotDefinitionError(
        `The command ${name} could never match: use 1-32 lower-case letters, digits, _ and -, without the slash`,
      )
    }
    requireFunction(`commands.${name}`, handler)
  }
  // What the types promise of the data is between the bot and the compiler.
  return Object.freeze({ ...(parts as BotParts), [brand]: true as const })
}

/** Whether a value came from {@link defineBot}, of this or another copy of the package. */
export function isBotDefinition(value: unknown): value is BotDefinition {
  return typeof value === 'object' && value !== null && brand in value
}

const handlerNames: ReadonlySet<string> = new Set(['onMessage', 'onUpdate', 'onError'])
const allNames = ['commands', ...handlerNames, 'migrations'].join(', ')
const commandName = /^[\p{Ll}\p{Lo}\p{N}_-]{1,32}$/u

// Bots in plain JavaScript have no compiler to tell them.
function requireFunction(name: string, handler: unknown): void {
  if (typeof handler !== 'function')
    throw new BotDefinitionError(`${name} is a ${typeof handler}: it must be a function`)
}
