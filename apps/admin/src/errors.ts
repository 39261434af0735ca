import { didYouMean } from '@botyard/service-kit'
import createError from '@fastify/error'
import type { Problem } from './find-problems.ts'

/*
 * What the admin API answers with. Every message says what to do next, and none holds a secret. Every code is
 * explained in docs/errors.md.
 */

const InvalidRequest = createError<[string]>('ADM_INVALID_REQUEST', '%s', 400)

/**
 * Body, parameter or query does not fit its schema; `path` is a JSON pointer to what is wrong, and `problems`
 * has all of it.
 */
export class InvalidRequestError extends InvalidRequest {
  readonly path: string
  readonly problems: readonly Problem[]

  constructor(path: string, message: string, problems: readonly Problem[] = [{ path, message }]) {
    super(message)
    this.path = path
    this.problems = problems
  }
}

/** More are not read; all are counted. */
const maxProblems = 20

/** One error of all that is wrong with a request. */
export function invalidRequest(problems: readonly Problem[]): InvalidRequestError {
  const [first, ...more] = problems as [Problem, ...Problem[]]
  if (more.length === 0) return new InvalidRequestError(first.path, first.message)
  const shown = problems.slice(0, maxProblems)
  const rest = problems.length - shown.length
  const lines = [...shown.map(({ message }) => message), ...(rest > 0 ? [`… and ${rest} more`] : [])]
  return new InvalidRequestError(first.path, `${problems.length} problems:\n  ${lines.join('\n  ')}`, shown)
}

/** There is no body, or an empty one. */
export class BodyMissingError extends InvalidRequestError {
  constructor() {
    super('', 'Send a JSON object as the body')
  }
}

const UnknownHandler = createError<[string]>('ADM_UNKNOWN_HANDLER', '%s', 400)

/** No live worker has the handler that a bot is given. */
export class UnknownHandlerError extends UnknownHandler {
  readonly path = '/handler'

  constructor(name: string, known: readonly string[]) {
    super(
      known.length > 0
        ? `No worker has a handler ${JSON.stringify(name)}${didYouMean(name, known)}: use one of ${known.join(', ')}, or deploy a worker that has it first`
        : `No worker has a handler ${JSON.stringify(name)}: no worker runs that has any, so start one first`,
    )
  }
}

const BotRemovedBefore = createError<[string]>('ADM_BOT_REMOVED_BEFORE', '%s', 403)

/** There was a bot of this id: only an owner may give the id again. */
export class BotRemovedBeforeError extends BotRemovedBefore {
  constructor(id: string) {
    super(
      `There was a bot ${id} before. Choose another id, or have an owner add it: platforms may still call the old one's url`,
    )
  }
}

const TargetRefused = createError<[string]>('ADM_TARGET_REFUSED', '%s', 400)

/** An address in the credentials that bots may not call; the message is the target guard's. */
export class CredentialsTargetError extends TargetRefused {
  readonly path = '/credentials'
}

/** The body is not JSON. */
export const MalformedJsonError = createError(
  'ADM_MALFORMED_JSON',
  'The body is not valid JSON: send a JSON object',
  400,
)

/** The request line, a header or the framing of the body is not HTTP as it should be. */
export const BadRequestError = createError(
  'ADM_BAD_REQUEST',
  'The request is malformed: check address and headers',
  400,
)

/** No bearer token. */
export const TokenMissingError = createError(
  'ADM_TOKEN_MISSING',
  'Send the header "Authorization: Bearer <token>"; npm run issue-token prints a token',
  401,
)

/** The token's time is over. */
export const TokenExpiredError = createError('ADM_TOKEN_EXPIRED', 'The token has expired: get a new one', 401)

/**
 * The token is malformed, of another issuer, signed by a key that is not (or no longer) ours, or lacks a
 * claim.
 */
export const TokenInvalidError = createError(
  'ADM_TOKEN_INVALID',
  'The token is not valid here: get a new one, signed by a key in JWT_KEYS',
  401,
)

/** The token's role may not do this. */
export const RoleInsufficientError = createError<[string, string]>(
  'ADM_ROLE_INSUFFICIENT',
  'This needs the role %s and your token has the role %s: ask an owner to do it or for another token',
  403,
)

/** No such route. */
export const NotFoundError = createError(
  'ADM_NOT_FOUND',
  'There is nothing at this address: check the method and the path, which begins with /api/v1',
  404,
)

/** No such bot. */
export const UnknownBotError = createError<[string]>(
  'ADM_UNKNOWN_BOT',
  'There is no bot "%s": GET /api/v1/bots lists them',
  404,
)

/** No such tenant of the bot. */
export const UnknownTenantError = createError<[string, string]>(
  'ADM_UNKNOWN_TENANT',
  'There is no tenant "%s" of the bot "%s": GET its tenants lists them',
  404,
)

/** The platform has no credentials per tenant. */
export const NoTenantsError = createError<[string]>(
  'ADM_NO_TENANTS',
  'A bot on %s has no credentials per tenant: set those of the bot itself with PATCH',
  409,
)

/** The platform has no API to set a webhook. */
export const NoRegistrationError = createError<[string, string]>(
  'ADM_NO_REGISTRATION',
  '%s has no API to set a webhook: enter %s in its own console',
  409,
)

/** The bot fetches its updates: at the platform a webhook would take their place. */
export const BotPollsError = createError<[string]>(
  'ADM_BOT_POLLS',
  'The bot "%s" fetches its updates (settings.intake is polling), which a webhook would end: PATCH its settings first',
  409,
)

/** No such move of keys. */
export const UnknownMoveError = createError<[string]>(
  'ADM_UNKNOWN_MOVE',
  '%s: GET /api/v1/shards/moves lists them',
  404,
)

/** The shards are not fit for the move; the message says all that stands against it. */
export const MoveRefusedError = createError<[string]>('ADM_MOVE_REFUSED', '%s', 409)

/** One of the shards takes part in another move. */
export const MoveConflictError = createError<[string]>('ADM_MOVE_CONFLICT', '%s', 409)

/** The move is not in a state for that. */
export const MoveStateError = createError<[string]>('ADM_MOVE_STATE', '%s', 409)

/** The database cannot be migrated, or is another shard's. */
export const ShardRefusedError = createError<[string, string]>(
  'ADM_SHARD_REFUSED',
  'The shard "%s" is not added: %s',
  409,
)

/** A shard that is to be looked at gives no answer. */
export const ShardAwayError = createError<[string]>('ADM_SHARD_AWAY', '%s', 503)

/** No such broadcast of the bot. */
export const UnknownBroadcastError = createError<[string, string]>(
  'ADM_UNKNOWN_BROADCAST',
  'There is no broadcast "%s" of the bot "%s": GET its broadcasts lists them',
  404,
)

/** The broadcast has ended, or is still being uploaded. */
export const BroadcastEndedError = createError<[string]>(
  'ADM_BROADCAST_ENDED',
  'The broadcast "%s" does not run and is not paused: read its state, and start another one if needed',
  409,
)

/** Nothing can be sent on the platform. */
export const NotAnswerableError = createError<[string]>(
  'ADM_NOT_ANSWERABLE',
  'Nothing can be sent to chats on %s: choose a bot of another platform',
  409,
)

/** A process lacks the key that all would be sealed with: it could open none of it. */
export const KeyNotEverywhereError = createError<[string, string]>(
  'ADM_KEY_NOT_EVERYWHERE',
  'The active key "%s" is missing in %s: add it to the KEYRING of every process first',
  409,
)

/** No dead letter has this id: it was taken again, discarded, or is past its time. */
export const DeadLetterNotFoundError = createError<[string]>(
  'ADM_DEAD_LETTER_NOT_FOUND',
  'No dead letter "%s": GET /api/v1/dead-letters lists those that are kept',
  404,
)

/** The conversation does not wait for an operator. */
export const NotParkedError = createError<[string, string]>(
  'ADM_NOT_PARKED',
  'The conversation "%s" is not parked in its %s: GET /api/v1/parked lists those that are',
  409,
)

/** The head of the conversation is another one than was looked at. */
export const ParkedChangedError = createError<[string]>(
  'ADM_PARKED_CHANGED',
  'Something else is at the head of "%s" by now: look at GET /api/v1/parked again, then decide',
  409,
)

/** The id is taken. */
export const BotExistsError = createError<[string]>(
  'ADM_BOT_EXISTS',
  'There is a bot "%s" already: change it with PATCH, or choose another id',
  409,
)

/** The bot was replaced by one of another platform while it was being changed. */
export const BotReplacedError = createError<[string]>(
  'ADM_BOT_REPLACED',
  'The bot "%s" was replaced meanwhile: read it again, then repeat the change',
  409,
)

/** The body is larger than any bot needs. */
export const BodyTooLargeError = createError(
  'ADM_BODY_TOO_LARGE',
  'The body is too large: 64 KiB at most',
  413,
)

/** The body is not declared as JSON. */
export const UnsupportedMediaTypeError = createError(
  'ADM_UNSUPPORTED_MEDIA_TYPE',
  'Send the body as JSON, with the header "Content-Type: application/json"',
  415,
)

/** A broadcast's recipients are not declared as lines of JSON. */
export const NdjsonExpectedError = createError(
  'ADM_NDJSON_EXPECTED',
  'Send the message and then the recipients as lines of JSON, with the header "Content-Type: application/x-ndjson"',
  415,
)

/** More requests from one address than `ADMIN_LIMIT_PER_MINUTE`. */
export const TooManyRequestsError = createError(
  'ADM_TOO_MANY_REQUESTS',
  'Too many requests from this address: wait for the seconds in the header Retry-After',
  429,
)

/** An error of ours: details are in the log, never in the answer. */
export const InternalError = createError(
  'ADM_INTERNAL',
  "Something went wrong on our side: the admin app's log says what",
  500,
)

/** The control database is away; whether a change was stored is not known. */
export const UnavailableError = createError(
  'ADM_UNAVAILABLE',
  'The control database cannot be reached now: read the bot, and repeat the change if it is not there',
  503,
)

/** Redis is away; whether a decision on a parked conversation was carried out is not known. */
export const QueuesUnavailableError = createError<[{ cause: unknown }?]>(
  'ADM_QUEUES_UNAVAILABLE',
  'Redis cannot be reached now: look at GET /api/v1/parked later, and repeat the decision if it is still there',
  503,
)
