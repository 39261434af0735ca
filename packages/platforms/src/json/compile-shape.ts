import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { InvalidUpdateError } from '../errors.ts'

/**
 * Compiles a schema once, at start, into a function that returns a value it allows and throws
 * `InvalidUpdateError` (`GTW_INVALID_UPDATE`) for any other; the error's path is a JSON pointer below `at`.
 */
export function compileShape<T extends TSchema>(schema: T): (value: unknown, at?: string) => Static<T> {
  const validator = Compile(schema)
  return (value, at = '') => {
    if (validator.Check(value)) return value as Static<T>
    const error = validator.Errors(value)[0]
    // A missing property is reported at its parent; the caller wants to know what is missing.
    const missing = error?.keyword === 'required' ? `/${error.params.requiredProperties[0]}` : ''
    const message = missing ? 'is required' : (error?.message ?? 'has the wrong shape')
    throw new InvalidUpdateError('shape', message, `${at}${error?.instancePath ?? ''}${missing}`)
  }
}
