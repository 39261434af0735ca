import type { TSchema } from 'typebox'
import type { TLocalizedValidationError } from 'typebox/error'

/** Where a value does not fit its schema, as a JSON pointer, and a sentence about it that never holds the value. */
export interface Problem {
  readonly path: string
  readonly message: string
}

/** Makes one sentence of TypeBox's errors; `at` is the pointer to the value itself, '' for the whole body. */
export function firstProblem(schema: TSchema, errors: readonly TLocalizedValidationError[], at = ''): Problem {
  const [error] = errors
  if (!error) return { path: at, message: 'The request does not fit its schema' }
  const { path, fault } = faultOf(schema, error, errors)
  const expected = descriptionAt(schema, error.schemaPath)
  const name = at + path === '' ? 'The request' : at + path
  return { path: at + path, message: `${name} ${fault}${expected === undefined ? '' : `; expected: ${expected}`}` }
}

function faultOf(
  schema: TSchema,
  error: TLocalizedValidationError,
  errors: readonly TLocalizedValidationError[],
): { path: string; fault: string } {
  const path = error.instancePath
  if (error.keyword === 'required')
    return { path: `${path}/${error.params.requiredProperties[0]}`, fault: 'is missing' }
  if (error.keyword === 'boolean' && errors.some(other => other.keyword === 'additionalProperties'))
    return { path, fault: 'is not known here: remove it' }
  const choices = error.keyword === 'const' ? choicesAt(schema, error.schemaPath) : []
  if (choices.length > 1) return { path, fault: `must be one of ${choices.join(', ')}` }
  return { path, fault: error.message }
}

/** All literals of the union that refused: TypeBox reports no more than the first few. */
function choicesAt(schema: TSchema, pointer: string): string[] {
  const steps = pointer.split('/').slice(1)
  const union = steps.lastIndexOf('anyOf')
  if (union === -1) return []
  const variants = steps
    .slice(0, union + 1)
    .reduce<unknown>((node, step) => (node as Record<string, unknown>)?.[step], schema)
  return (variants as { const?: unknown }[]).flatMap(variant =>
    variant.const === undefined ? [] : [String(variant.const)],
  )
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
