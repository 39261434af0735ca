import type { ParseArgsConfig, ParseArgsOptionsConfig, parseArgs } from 'node:util'
import type { ApiClient } from './api-client.ts'

/** What a command works with. */
export interface CommandContext<Values = Readonly<Record<string, unknown>>> {
  readonly api: ApiClient
  /** As many as `arguments` names. */
  readonly args: readonly string[]
  readonly values: Values
  /** The result: as JSON with --json, otherwise what `text` makes of it. */
  print<Result>(result: Result, text: (result: Result) => string): void
  /** Progress, for a person: on standard error, and nowhere with --json. */
  say(line: string): void
}

/** One command of the command line. */
export interface Command {
  /** What it is called by, as `keys status`. */
  readonly words: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Names of its positional arguments, all of them needed. */
  readonly arguments?: readonly string[]
  readonly options?: ParseArgsOptionsConfig
  /** What an option means, by its name. */
  readonly help?: Readonly<Record<string, string>>
  /** Returns the exit code if it is not 0; throws what the user should read. */
  run(context: CommandContext): Promise<number | undefined>
}

type ValuesOf<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<ParseArgsConfig & { options: Options }>
>['values']

/** Defines a command, whose `values` have the types that its options say. */
export function defineCommand<const Options extends ParseArgsOptionsConfig = Record<never, never>>(
  command: Omit<Command, 'options' | 'help' | 'run'> & {
    readonly options?: Options
    readonly help?: Readonly<Record<keyof Options, string>>
    run(context: CommandContext<ValuesOf<Options>>): Promise<number | undefined>
  },
): Command {
  return command as unknown as Command
}
