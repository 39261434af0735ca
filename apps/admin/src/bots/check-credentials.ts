import type { TSchema } from 'typebox'
import { Check, Errors } from 'typebox/value'
import { invalidRequest } from '../errors.ts'
import { findProblems, type Problem } from '../find-problems.ts'

const replacedWhole = 'credentials are replaced whole, so send all of them'

/** What does not fit a schema of credentials. */
export function problemsOfShape(
  schema: TSchema,
  value: unknown,
  { at = '/credentials', isPatch = false }: { at?: string; isPatch?: boolean } = {},
): Problem[] {
  if (Check(schema, value)) return []
  return findProblems(schema, value, Errors(schema, value), at).map(({ path, message }) => ({
    path,
    // A client that changes one member often leaves the others out.
    message: isPatch ? message.replace(/^(\S+ is missing)/, `$1 (${replacedWhole})`) : message,
  }))
}

/** Refuses what does not fit a schema, with all that is wrong. */
export function checkShape(schema: TSchema, value: unknown, at = '/credentials'): void {
  const problems = problemsOfShape(schema, value, { at })
  if (problems.length > 0) throw invalidRequest(problems)
}
