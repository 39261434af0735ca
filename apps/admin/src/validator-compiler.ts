import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Convert } from 'typebox/value'
import { invalidRequest } from './errors.ts'
import { findProblems } from './find-problems.ts'

/**
 * Validates with TypeBox itself. Fastify's own validator would silently remove what a closed object does not
 * know and turn "5" into 5; here the first is refused with its path, and the second is done only where
 * everything is text (query, path).
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema)
  return (value: unknown) => {
    const converted = httpPart === 'body' ? value : Convert(schema, value)
    if (validator.Check(converted)) return { value: converted }
    return { error: invalidRequest(findProblems(schema, converted, validator.Errors(converted))) }
  }
}
