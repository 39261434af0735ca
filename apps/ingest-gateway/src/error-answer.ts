import { InvalidUpdateError } from '@botyard/platforms'
import {
  BadRequestError,
  BodyTooLargeError,
  HeadersTooLargeError,
  InternalError,
  NotFoundError,
  RequestTimeoutError,
  StoreUnavailableError,
  UnsupportedMediaTypeError,
} from './errors.ts'

/**
 * What a caller gets to see of an error; `path` is a JSON pointer into the body, `retryAfterS` goes into a
 * header.
 */
export interface ErrorAnswer {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly path?: string | undefined
  readonly retryAfterS?: number | undefined
}

/**
 * Seconds until a platform should try again. Telegram honours them in place of its own back-off (immediate,
 * then doubling to a minute or two), so they are short for an outage, which ends suddenly, and longer for a
 * backlog, which does not.
 */
const retryAfterS: Readonly<Record<string, number>> = {
  GTW_STORE_UNAVAILABLE: 2,
  GTW_BUSY: 2,
  GTW_ADDRESS_BUSY: 2,
  GTW_OVERLOADED: 5,
  GTW_KEYS_UNAVAILABLE: 5,
  GTW_BOT_UNREADABLE: 5,
  GTW_BACKLOG_FULL: 30,
}

/** Fastify's, Node's parser's and the mailbox's codes, by the error that we answer with. */
const translations: Readonly<
  Record<string, new () => { code: string; message: string; statusCode?: number }>
> = {
  FST_ERR_CTP_BODY_TOO_LARGE: BodyTooLargeError,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: UnsupportedMediaTypeError,
  FST_ERR_MAX_PARAM_LENGTH: NotFoundError,
  HPE_HEADER_OVERFLOW: HeadersTooLargeError,
  ERR_HTTP_REQUEST_TIMEOUT: RequestTimeoutError,
  MBX_UNAVAILABLE: StoreUnavailableError,
}

/**
 * Turns any error into what a caller may see: ours and the adapters' as they are, a known one translated, the
 * rest 500.
 */
export function answerFor(error: unknown): ErrorAnswer {
  if (error instanceof InvalidUpdateError)
    return { status: 400, code: error.code, message: error.message, path: error.path }
  const { code, statusCode, message } = error as { code?: unknown; statusCode?: unknown; message: string }
  if (typeof code === 'string') {
    if (code.startsWith('GTW_') && typeof statusCode === 'number')
      return { status: statusCode, code, message, retryAfterS: retryAfterS[code] }
    const Translation = Object.hasOwn(translations, code) ? translations[code] : undefined
    if (Translation) return answerFor(new Translation())
  }
  const isCallersFault = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
  return answerFor(isCallersFault ? new BadRequestError() : new InternalError())
}

/** The body of every error answer. */
export function errorBody({ code, message, path }: ErrorAnswer): {
  error: { code: string; message: string; path?: string }
} {
  return { error: { code, message, ...(path !== undefined && { path }) } }
}
