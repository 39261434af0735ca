import { readFileSync } from 'node:fs'
import type { Static, TObject, TSchema } from 'typebox'
import { Errors } from 'typebox/value'
import { didYouMean } from './did-you-mean.ts'
import { ConfigError } from './errors.ts'

/**
 * Reads a process's configuration from the environment, converted by the schema (see `parseVariable`),
 * checked and frozen. `NAME_FILE` may hold the path of a file with the value of `NAME` (the Docker and
 * Kubernetes convention); an empty variable counts as not set. A field's `formerly` names what is refused.
 * Throws one {@link ConfigError} that lists every problem, and never a value.
 */
export function readConfig<T extends TObject>(
  schema: T,
  env: NodeJS.ProcessEnv = process.env,
): Readonly<Static<T>> {
  const problems: string[] = []
  const config: Record<string, unknown> = {}
  for (const [name, field] of Object.entries<TSchema>(schema.properties)) {
    const { text, problem } = readText(name, env)
    const value = text === undefined ? defaultOf(field) : parseVariable(field, text)
    if (value !== undefined) config[name] = deepFreeze(value)
    const wrong = problem ?? renamed(field, env) ?? (value === undefined ? missing(schema, name) : undefined)
    for (const fault of wrong === undefined ? faultsOf(field, value) : [wrong])
      problems.push(problemOf(name, field, fault))
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config) as Readonly<Static<T>>
}

/**
 * Reads the value of one variable from its text, as {@link readConfig} does; throws a {@link ConfigError}
 * without the text.
 */
export function readVariable<T extends TSchema>(name: string, field: T, text: string): Static<T> {
  const value = parseVariable(field, text)
  const faults = faultsOf(field, value)
  if (faults.length > 0) throw new ConfigError(faults.map(fault => problemOf(name, field, fault)))
  return deepFreeze(value) as Static<T>
}

/** The variables of a schema whose values stand in files, and the files' paths. */
export function secretFilesOf(
  schema: TObject,
  env: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> {
  const names = Object.keys(schema.properties).filter(name => env[`${name}_FILE`])
  return Object.fromEntries(names.map(name => [name, env[`${name}_FILE`]!]))
}

/** The text of a variable, from the environment or from the file that `NAME_FILE` names. */
function readText(name: string, env: NodeJS.ProcessEnv): { text?: string; problem?: string } {
  const text = env[name]
  const path = env[`${name}_FILE`]
  if (!path) return text ? { text } : {}
  if (text) return { problem: `is set twice: as ${name} and through ${name}_FILE, remove one` }
  try {
    const content = readFileSync(path, 'utf8').trim()
    return content
      ? { text: content }
      : { problem: `is empty: the file that ${name}_FILE names has no content` }
  } catch (error) {
    return {
      problem: `cannot be read: ${name}_FILE names a file that fails with ${(error as { code?: string }).code}`,
    }
  }
}

/**
 * Text to the field's type: numbers and booleans strictly (TypeBox's own Convert takes 3.7 for an integer and
 * '' for 0), lists from commas or JSON, objects from JSON. What does not convert stays text, and the check
 * refuses it.
 */
function parseVariable(field: TSchema, text: string): unknown {
  const { type } = field as { type?: string }
  if (type === 'integer' || type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (type === 'array' && !text.trimStart().startsWith('[')) {
    const items = text.split(',').map(item => item.trim())
    return items.filter(item => item !== '')
  }
  if (type === 'array' || type === 'object') {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }
  return text
}

function defaultOf(field: TSchema): unknown {
  return structuredClone((field as { default?: unknown }).default)
}

function problemOf(name: string, field: TSchema, wrong: string): string {
  return `${name} ${wrong}; expected: ${describe(field)}`
}

function missing(schema: TObject, name: string): string | undefined {
  return schema.required?.includes(name) ? 'is missing' : undefined
}

/** All that does not fit, one sentence for each place. */
function faultsOf(field: TSchema, value: unknown): string[] {
  if (value === undefined) return []
  const faults = Errors(field, value)
  if (faults.length === 0) return []
  const { anyOf, type } = field as { anyOf?: readonly { const?: unknown }[]; type?: string }
  if (anyOf) {
    const words = anyOf.map(option => String(option.const))
    return [`must be one of ${words.join(', ')}${didYouMean(String(value), words)}`]
  }
  if ((type === 'object' || type === 'array') && typeof value === 'string') return ['must be JSON']
  const places = new Map<string, string>()
  for (const { keyword, instancePath, message } of faults) {
    // Said of each member by itself.
    if (keyword === 'additionalProperties' || places.has(instancePath)) continue
    const fault = keyword === 'boolean' ? 'is not known' : message
    places.set(instancePath, instancePath === '' ? fault : `${fault} at ${instancePath}`)
  }
  return [...places.values()]
}

/** Refuses the former name of a variable: ignored, it would leave the default in force without a word. */
function renamed(field: TSchema, env: NodeJS.ProcessEnv): string | undefined {
  const { formerly } = field as { formerly?: string }
  return formerly !== undefined && env[formerly] ? `was called ${formerly}: rename it` : undefined
}

function describe(field: TSchema): string {
  return (field as { description?: string }).description ?? 'see the schema'
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}
