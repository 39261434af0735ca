import createError from '@fastify/error'

/*
 * What the gateway answers with, besides `GTW_MALFORMED_JSON` and `GTW_INVALID_UPDATE` (400), which the
 * platform adapters throw as `InvalidUpdateError`. None captures a stack: they are answers to a caller, made
 * by the thousand under attack, and a stack costs more than the rest of a refusal. Every code is explained in
 * docs/errors.md.
 */

/** The request line, a header or the framing of the body is not HTTP as it should be. */
export const BadRequestError = createError('GTW_BAD_REQUEST', 'The request is malformed', 400, Error, false)

/**
 * The signature or secret does not prove the call genuine, or there is no such bot: a stranger cannot tell
 * which. The reason is for logs and metrics only.
 */
export const SignatureRefusedError = createError(
  'GTW_SIGNATURE_REFUSED',
  'There is no such bot, or its secret or signature is missing or wrong',
  401,
  Error,
  false,
)

/** No such route. */
export const NotFoundError = createError(
  'GTW_NOT_FOUND',
  'There is nothing at this address',
  404,
  Error,
  false,
)

/** A webhook address was asked with another method than POST. */
export const MethodNotAllowedError = createError(
  'GTW_METHOD_NOT_ALLOWED',
  'Webhooks are called with POST',
  405,
  Error,
  false,
)

/** Headers or body took too long to arrive. */
export const RequestTimeoutError = createError(
  'GTW_REQUEST_TIMEOUT',
  'The request took too long to arrive',
  408,
  Error,
  false,
)

/** The body is larger than `MAX_BODY_BYTES` or than the platform ever sends. */
export const BodyTooLargeError = createError('GTW_BODY_TOO_LARGE', 'The body is too large', 413, Error, false)

/** The content type is none that the platform sends. */
export const UnsupportedMediaTypeError = createError(
  'GTW_UNSUPPORTED_MEDIA_TYPE',
  'The content type is not one that this platform sends',
  415,
  Error,
  false,
)

/** More requests from one address than `IP_LIMIT_PER_MINUTE`. */
export const TooManyRequestsError = createError(
  'GTW_TOO_MANY_REQUESTS',
  'Too many requests from this address',
  429,
  Error,
  false,
)

/**
 * More refused calls of one bot from one address than `IP_FAILURES_PER_MINUTE`; a genuine call is never
 * answered so.
 */
export const TooManyFailuresError = createError(
  'GTW_TOO_MANY_FAILURES',
  'Too many calls with a missing or wrong secret from this address',
  429,
  Error,
  false,
)

/** The address has as many calls or bytes of bodies under way as it may. */
export const AddressBusyError = createError(
  'GTW_ADDRESS_BUSY',
  'Too much of this address is being read now, please send it again',
  429,
  Error,
  false,
)

/** The request's headers are larger than Node reads (16 KiB). */
export const HeadersTooLargeError = createError(
  'GTW_HEADERS_TOO_LARGE',
  'The headers are too large',
  431,
  Error,
  false,
)

/** An error of ours: details are in the log, never in the answer. */
export const InternalError = createError(
  'GTW_INTERNAL',
  'Something went wrong on our side',
  500,
  Error,
  false,
)

/** As many bytes of bodies are being read and handled as may be at once. */
export const GatewayBusyError = createError(
  'GTW_BUSY',
  'Too much is being read now, please send it again',
  503,
  Error,
  false,
)

/** The process is at the end of what it can do: what the platform sends again is refused first. */
export const OverloadedError = createError(
  'GTW_OVERLOADED',
  'The gateway is overloaded, please send it again',
  503,
  Error,
  false,
)

/** The update is not stored, or not known to be: the platform should send it again. */
export const StoreUnavailableError = createError(
  'GTW_STORE_UNAVAILABLE',
  'The update could not be stored, please send it again',
  503,
  Error,
  false,
)

/**
 * The platform's keys cannot be fetched, so nobody can tell whether the call is genuine: it should be sent
 * again.
 */
export const KeysUnavailableError = createError(
  'GTW_KEYS_UNAVAILABLE',
  "The platform's keys cannot be fetched now, please send it again",
  503,
  Error,
  false,
)

/**
 * No key of this gateway opens the bot's credentials, so nobody can tell whether the call is genuine: it
 * should be sent again.
 */
export const BotUnreadableError = createError(
  'GTW_BOT_UNREADABLE',
  "The bot's credentials cannot be opened now, please send it again",
  503,
  Error,
  false,
)

/** The bot has more waiting updates than its `maxBacklog`. */
export const BacklogFullError = createError(
  'GTW_BACKLOG_FULL',
  'The bot has too many waiting updates, please send it again later',
  503,
  Error,
  false,
)
