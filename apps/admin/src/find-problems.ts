import { didYouMean } from '@botyard/service-kit'
import type { TSchema } from 'typebox'
import type { TLocalizedValidationError } from 'typebox/error'
import { Settings } from 'typebox/system'

/**
 * Where a value does not fit its schema, as a JSON pointer, and a sentence about it that never holds the
 * value.
 */
export interface Problem {
  readonly path: string
  readonly message: string
}

// TypeBox stops at eight, of which a union of many words takes all. A body is small, so this bounds nothing
// but the absurd.
Settings.Set({ maxErrors: 1_000 })

/**
 * Makes a sentence of each of TypeBox's errors that a reader has to know; `at` is the pointer to the value
 * itself, '' for the whole body.
 */
export function findProblems(
  schema: TSchema,
  value: unknown,
  errors: readonly TLocalizedValidationError[],
  at = '',
): Problem[] {
  const unions = errors.filter(error => error.keyword === 'anyOf')
  const said = new Set<string>()
  const problems: Problem[] = []
  for (const error of errors) {
    const union = unions.find(outer => isWithin(error, outer))
    for (const { path, fault } of faultsOf(schema, value, error, union !== undefined)) {
      const place = union === undefined ? path : `${union.instancePath} ${union.schemaPath}`
      // Of a union the first refusal is enough: the others are of variants that nobody meant.
      if (said.has(place) || said.has(path)) continue
      said.add(place).add(path)
      problems.push({ path: at + path, message: sentence(schema, at + path, fault, error) })
    }
  }
  return problems.length > 0 ? problems : [{ path: at, message: 'The request does not fit its schema' }]
}

function sentence(
  schema: TSchema,
  path: string,
  fault: string,
  { schemaPath }: TLocalizedValidationError,
): string {
  if (path === '' && fault === 'must be object') return sendAnObject(schema)
  const expected = descriptionAt(schema, schemaPath)
  return `${path === '' ? 'The request' : path} ${fault}${expected === undefined ? '' : `; expected: ${expected}`}`
}

function sendAnObject(schema: TSchema): string {
  const { required = [] } = schema as { required?: readonly string[] }
  return required.length === 0
    ? 'Send a JSON object as the body'
    : `Send a JSON object with ${required.join(', ')}`
}

function isWithin(error: TLocalizedValidationError, union: TLocalizedValidationError): boolean {
  return (
    error.schemaPath.startsWith(`${union.schemaPath}/anyOf/`) &&
    error.instancePath.startsWith(union.instancePath)
  )
}

function faultsOf(
  schema: TSchema,
  value: unknown,
  error: TLocalizedValidationError,
  isOfUnion: boolean,
): { path: string; fault: string }[] {
  const path = error.instancePath
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map(name => ({ path: `${path}/${name}`, fault: 'is missing' }))
    case 'boolean': {
      const near = didYouMean(lastStep(path), propertiesAt(schema, error.schemaPath))
      return [{ path, fault: `is not known here${near}: remove it` }]
    }
    // Said of each property by itself, and of each variant.
    case 'additionalProperties':
    case 'anyOf':
      return []
    case 'const': {
      const choices = isOfUnion ? choicesAt(schema, error.schemaPath) : []
      if (choices.length < 2) return [{ path, fault: error.message }]
      const near = didYouMean(String(valueAt(value, path)), choices)
      return [{ path, fault: `must be one of ${choices.join(', ')}${near}` }]
    }
    default:
      return [{ path, fault: error.message }]
  }
}

/** All literals of the union that refused. */
function choicesAt(schema: TSchema, pointer: string): string[] {
  const steps = pointer.split('/').slice(1)
  const variants = partOf(schema, steps.slice(0, steps.lastIndexOf('anyOf') + 1))
  return (variants as { const?: unknown }[]).flatMap(variant =>
    variant.const === undefined ? [] : [String(variant.const)],
  )
}

/** The names that an object knows whose `additionalProperties` refused. */
function propertiesAt(schema: TSchema, pointer: string): string[] {
  const object = partOf(schema, pointer.split('/').slice(1, -1)) as { properties?: object } | undefined
  return Object.keys(object?.properties ?? {})
}

/** The description nearest to where the schema refuses. */
function descriptionAt(schema: TSchema, pointer: string): string | undefined {
  let node: unknown = schema
  let found: string | undefined
  for (const step of pointer.split('/').slice(1)) {
    node = (node as Record<string, unknown> | undefined)?.[step]
    const { description } = (node ?? {}) as { description?: unknown }
    if (typeof description === 'string') found = description
  }
  return found
}

function valueAt(value: unknown, pointer: string): unknown {
  return partOf(value, pointer.split('/').slice(1).map(unescaped))
}

function partOf(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((node, step) => (node as Record<string, unknown> | undefined)?.[step], value)
}

function lastStep(pointer: string): string {
  return unescaped(pointer.slice(pointer.lastIndexOf('/') + 1))
}

/** Of a JSON pointer. */
function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}
