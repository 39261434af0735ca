import { isControlDatabaseAway } from '@botyard/control-database'
import { type Static, Type } from 'typebox'
import {
  BadRequestError,
  BodyMissingError,
  BodyTooLargeError,
  InternalError,
  MalformedJsonError,
  NotFoundError,
  UnavailableError,
  UnsupportedMediaTypeError,
} from './errors.ts'
import type { Problem } from './find-problems.ts'

/** The body of every answer that is an error. */
export const ErrorAnswer = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'Stable: programs may depend on it.' }),
    message: Type.String({ description: 'What is wrong and what to do next, for people.' }),
    path: Type.Optional(
      Type.String({ description: 'JSON pointer to the part of the request that is wrong.' }),
    ),
    problems: Type.Optional(
      Type.Array(Type.Object({ path: Type.String(), message: Type.String() }), {
        description: "All that is wrong, if it is more than one thing; `path` is the first one's.",
      }),
    ),
  }),
})
export type ErrorAnswer = Static<typeof ErrorAnswer>

/** Fastify's codes, by the error that we answer with. */
const translations: Readonly<Record<string, new () => Error>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: BodyTooLargeError,
  FST_ERR_CTP_EMPTY_JSON_BODY: BodyMissingError,
  FST_ERR_CTP_INVALID_JSON_BODY: MalformedJsonError,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: UnsupportedMediaTypeError,
  FST_ERR_MAX_PARAM_LENGTH: NotFoundError,
}

/** What a caller may see of an error: ours as it is, a known one translated, the rest without details. */
export function answerFor(error: unknown): { status: number; body: ErrorAnswer } {
  const {
    code,
    statusCode,
    message,
    path,
    problems = [],
  } = error as {
    code?: unknown
    statusCode?: unknown
    message: string
    path?: string
    problems?: readonly Problem[]
  }
  if (typeof code === 'string') {
    if (code.startsWith('ADM_') && typeof statusCode === 'number')
      return {
        status: statusCode,
        body: {
          error: {
            ...{ code, message },
            ...(path !== undefined && { path }),
            ...(problems.length > 1 && { problems: [...problems] }),
          },
        },
      }
    const Translation = Object.hasOwn(translations, code) ? translations[code] : undefined
    if (Translation) return answerFor(new Translation())
  }
  if (isControlDatabaseAway(error)) return answerFor(new UnavailableError())
  // Fastify's JSON parser throws a bare SyntaxError for `__proto__` and the like.
  if (error instanceof SyntaxError && statusCode === 400) return answerFor(new MalformedJsonError())
  const isCallersFault = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
  return answerFor(isCallersFault ? new BadRequestError() : new InternalError())
}
