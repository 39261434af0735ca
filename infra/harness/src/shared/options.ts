import { randomInt } from 'node:crypto'
import { UsageError } from './errors.ts'

/** One option of a command line. */
export interface Option<Value> {
  readonly help: string
  /** What it takes, as `--help` shows it; undefined for a flag. */
  readonly takes: string | undefined
  /** The text that stands for the option if it is not given. */
  readonly byDefault: () => string
  /** How `--help` names the default; undefined shows nothing. */
  readonly defaultShown: string | undefined
  /** Throws a {@link UsageError} if the text makes no sense. */
  read(text: string, name: string): Value
}

/** All options of a scenario, by the name that stands behind `--`. */
export type Options = Readonly<Record<string, Option<unknown>>>

/** What the options were read as. */
export type Values<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends Option<infer V> ? V : never
}

/** A number of at least `min`; a whole one unless `fractions` are taken too. */
export function number(
  help: string,
  { default: value, min = 1, fractions = false }: { default: number; min?: number; fractions?: boolean },
): Option<number> {
  return {
    ...{ help, takes: '<n>', byDefault: () => String(value), defaultShown: String(value) },
    read: (text, name) => readNumber(text, name, min, fractions),
  }
}

/** The seed of what is random in a run: the same seed repeats it. */
export function seed(help: string): Option<number> {
  return {
    ...{ help, takes: '<n>', byDefault: () => String(randomInt(1_000_000)), defaultShown: 'random' },
    read: (text, name) => readNumber(text, name, 0, false),
  }
}

/** Some of several names, separated by commas; the word `all` stands for every one of them. */
export function choices<const Name extends string>(
  help: string,
  { of, all, default: byDefault = all }: { of: readonly Name[]; all: string; default?: Name | string },
): Option<readonly Name[]> {
  return {
    ...{ help, takes: '<name>', byDefault: () => byDefault, defaultShown: byDefault },
    read(text, name) {
      if (text === all) return of
      const chosen = text.split(',')
      if (chosen.every(one => (of as readonly string[]).includes(one)))
        return of.filter(one => chosen.includes(one))
      throw new UsageError(`--${name} takes ${of.join(', ')} or ${all}, not '${text}'`)
    },
  }
}

/** One of several names. */
export function choice<const Name extends string>(
  help: string,
  { of, default: byDefault }: { of: readonly Name[]; default: Name },
): Option<Name> {
  return {
    ...{ help, takes: '<name>', byDefault: () => byDefault, defaultShown: byDefault },
    read(text, name) {
      const chosen = of.find(one => one === text)
      if (chosen !== undefined) return chosen
      throw new UsageError(`--${name} takes ${of.join(', ')}, not '${text}'`)
    },
  }
}

/** Any text; help shows no default if it is empty. */
export function text(help: string, { default: byDefault }: { default: string }): Option<string> {
  const defaultShown = byDefault === '' ? undefined : byDefault
  return { help, takes: '<text>', byDefault: () => byDefault, defaultShown, read: given => given }
}

/** The path of a file. */
export function file(
  help: string,
  { default: byDefault, shown }: { default: () => string; shown: string },
): Option<string> {
  return { help, takes: '<file>', byDefault, defaultShown: shown, read: text => text }
}

/** Something that is done only if it is asked for. */
export function flag(help: string): Option<boolean> {
  return {
    ...{ help, takes: undefined, byDefault: () => 'false', defaultShown: undefined },
    read: text => text === 'true',
  }
}

function readNumber(text: string, name: string, min: number, fractions: boolean): number {
  const value = Number(text)
  if (
    text.trim() !== '' &&
    value >= min &&
    (fractions ? Number.isFinite(value) : Number.isSafeInteger(value))
  )
    return value
  throw new UsageError(`--${name} takes a ${fractions ? '' : 'whole '}number from ${min}, not '${text}'`)
}
