import { parseArgs } from 'node:util'
import { UsageError } from './errors.ts'
import { flag, type Options } from './options.ts'
import type { Kind, Scenario } from './scenario.ts'

/** What every scenario takes. */
const commonOptions: Options = {
  json: flag('print the report as JSON; progress goes to standard error'),
  help: flag('print this'),
}

/** A command line that was understood. */
export interface CommandLine {
  readonly name: string
  readonly scenario: Scenario
  readonly values: Readonly<Record<string, unknown>>
  readonly json: boolean
  /** The command that repeats this run: what was asked for, and what chance decided. */
  readonly command: string
}

/** Reads a command line; the text of the help if that is what it asks for. Throws a {@link UsageError}. */
export function readCommandLine(
  args: readonly string[],
  kind: Kind,
): CommandLine | { readonly help: string } {
  const { given, positionals } = parse(args, kind)
  const [name = kind.byDefault, extra] = positionals
  if (given.help) return { help: helpOf(kind, positionals[0]) }
  const names = Object.keys(kind.scenarios).join(', ')
  if (name === undefined) throw new UsageError(`Name one of: ${names}.`)
  if (!Object.hasOwn(kind.scenarios, name)) throw new UsageError(`There are: ${names}. Not '${name}'.`)
  if (extra !== undefined) throw new UsageError(`One at a time: ${name}. Not '${extra}' too.`)
  const scenario = kind.scenarios[name]!
  const foreign = Object.keys(given).find(
    key => !Object.hasOwn(commonOptions, key) && !hasOption(scenario, key),
  )
  if (foreign !== undefined) throw new UsageError(`--${foreign} is no option of ${name}`)

  const texts = Object.entries(scenario.options).map(([key, option]) => {
    const text = given[key] === undefined ? option.byDefault() : String(given[key])
    return { key, text, option, isTold: given[key] !== undefined || option.defaultShown === 'random' }
  })
  const words = texts
    .filter(({ isTold }) => isTold)
    .map(({ key, text, option }) => wordOf(key, text, option.takes))
  return {
    ...{ name, scenario, json: given.json === true },
    values: Object.fromEntries(texts.map(({ key, text, option }) => [key, option.read(text, key)])),
    command: [`npm run ${kind.name} -- ${name}`, ...words].join(' '),
  }
}

const maxNamesOfALine = 8

/** The usage of a kind, or of one of its scenarios. */
export function helpOf(kind: Kind, only?: string): string {
  const names = Object.keys(kind.scenarios)
  const shown = only !== undefined && names.includes(only) ? [only] : names
  const sections = shown.map(name => sectionOf(name, kind.scenarios[name]!, name === kind.byDefault))
  // The sections below name them all; so many fit no line.
  const choice = names.length > maxNamesOfALine ? '<scenario>' : names.join('|')
  const optional = kind.byDefault === undefined ? choice : `[${choice}]`
  return [
    `Usage: npm run ${kind.name} -- ${shown.length === 1 && only !== undefined ? only : optional} [options]`,
    kind.summary,
    ...sections,
    `Always:\n\n${linesOf(commonOptions)}`,
    'Exit code: 0 clean; 1 not clean, the report says why; 2 could not run.',
  ].join('\n\n')
}

function sectionOf(name: string, { summary, options, notes }: Scenario, isDefault: boolean): string {
  const about = wrap(`${name}${isDefault ? ' (the default)' : ''} ${summary}`)
  return [about, '', linesOf(options), ...(notes === undefined ? [] : ['', wrap(notes)])].join('\n')
}

function linesOf(options: Options): string {
  const lines = Object.entries(options).map(([name, { help, takes, defaultShown }]) => {
    const left = `  ${`--${name} ${takes ?? ''}`.trimEnd()}`.padEnd(24)
    return wrap(`${left}${help}${defaultShown === undefined ? '' : ` (${defaultShown})`}`, 24)
  })
  return lines.join('\n')
}

/** Breaks a text into lines that fit a terminal; all but the first begin after `indent` spaces. */
function wrap(text: string, indent = 0): string {
  const [first = '', ...rest] = text.replaceAll('\n', ' ').split(/(?<=\S) /)
  let line = first
  const lines: string[] = []
  for (const word of rest) {
    if (line.length + word.length < 100) line += ` ${word}`
    else {
      lines.push(line)
      line = `${' '.repeat(indent)}${word}`
    }
  }
  return [...lines, line].join('\n')
}

function wordOf(key: string, text: string, takes: string | undefined): string {
  if (takes === undefined) return `--${key}`
  return /^[\w.,:/-]+$/.test(text) ? `--${key} ${text}` : `--${key} '${text}'`
}

function hasOption({ options }: Scenario, name: string): boolean {
  return Object.hasOwn(options, name)
}

function parse(args: readonly string[], kind: Kind) {
  const all = Object.assign(
    {},
    ...Object.values(kind.scenarios).map(({ options }) => options),
    commonOptions,
  ) as Options
  const options = Object.fromEntries(
    Object.entries(all).map(([name, { takes }]) => [
      name,
      {
        type: takes === undefined ? ('boolean' as const) : ('string' as const),
        ...(name === 'help' && { short: 'h' }),
      },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    return { given: values as Readonly<Record<string, string | boolean | undefined>>, positionals }
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause })
  }
}
