import { parseArgs } from 'node:util'
import type { Drill } from './drill.ts'

/** A command line that makes no sense, or asks for help; the message says what would make sense. */
export class UsageError extends Error {
  static readonly code = 'DRL_USAGE'
  readonly code = UsageError.code
}

/** Which drill, and how large. */
export interface Options {
  readonly name: string
  readonly drill: Drill
  readonly values: Readonly<Record<string, number>>
}

/** Reads the command line, or throws a {@link UsageError} whose message ends with the usage. */
export function readOptions(args: readonly string[], drills: Readonly<Record<string, Drill>>): Options {
  const usage = usageOf(drills)
  const misused = (complaint: string, cause?: unknown) => new UsageError(`${complaint}\n\n${usage}`, { cause })

  const { values, positionals } = parse(args, drills, misused)
  if (values.help === true) throw new UsageError(usage)
  const [name, extra] = positionals
  if (name === undefined) throw misused('Name a drill')
  if (!Object.hasOwn(drills, name)) throw misused(`The drills are: ${Object.keys(drills).join(', ')}. Not '${name}'`)
  if (extra !== undefined) throw misused(`One drill at a time: ${name}. Not '${extra}' too`)
  const drill = drills[name]!
  const foreign = Object.keys(values).find(option => option !== 'help' && !Object.hasOwn(drill.options, option))
  if (foreign !== undefined) throw misused(`--${foreign} is no option of ${name}`)

  const numbers = Object.entries(drill.options).map(([option, { default: byDefault, min, fractions }]) => {
    const text = values[option] ?? String(byDefault)
    const value = Number(text)
    if (typeof text === 'string' && text.trim() !== '' && value >= min && (fractions || Number.isSafeInteger(value)))
      return [option, value]
    throw misused(`--${option} takes ${fractions ? 'a' : 'a whole'} number from ${min}, not '${text}'`)
  })
  return { name, drill, values: Object.fromEntries(numbers) }
}

function parse(
  args: readonly string[],
  drills: Readonly<Record<string, Drill>>,
  misused: (complaint: string, cause: unknown) => UsageError,
): { values: Record<string, unknown>; positionals: string[] } {
  const names = Object.values(drills).flatMap(({ options }) => Object.keys(options))
  const numbers = Object.fromEntries(names.map(name => [name, { type: 'string' as const }]))
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...numbers, help: { type: 'boolean', short: 'h' } },
    })
  } catch (cause) {
    throw misused((cause as Error).message, cause)
  }
}

function usageOf(drills: Readonly<Record<string, Drill>>): string {
  const sections = Object.entries(drills).map(([name, { summary, options }]) => {
    const lines = Object.entries(options).map(
      ([option, { help, default: byDefault }]) => `  ${`--${option} <n>`.padEnd(22)}${help} (${byDefault})`,
    )
    return [`${name} ${summary}`, '', ...lines].join('\n')
  })
  return [
    `Usage: npm run drill -- ${Object.keys(drills).join('|')} [options]`,
    ...sections,
    'Exit code: 0 clean; 1 the ledger does not balance; 2 could not run.',
  ].join('\n\n')
}
