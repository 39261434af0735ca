import { type DestinationStream, type Logger, pino } from 'pino'

/** Field names whose value is never logged, at the top of a line or one level below it. */
const secretFields = [
  'authorization',
  'cookie',
  'credentials',
  'key',
  'password',
  'secret',
  'signature',
  'token',
  'webhookSecret',
]

/**
 * A JSON logger on standard output, written asynchronously and flushed at exit. Secrets are redacted by field name,
 * and an error is its type, code, message, stack and causes, never its other fields: those of ioredis and pg hold the
 * arguments of the command. Characters that could steer a terminal are escaped. `destination` is for tests.
 */
export function createLogger({
  name,
  level,
  destination = pino.destination({ dest: 1, sync: false }),
}: {
  name: string
  level: string
  destination?: DestinationStream
}): Logger {
  return pino(
    {
      name,
      level,
      redact: { paths: secretFields.flatMap(field => [field, `*.${field}`]), censor: '[redacted]' },
      serializers: { err: describeError },
      formatters: { level: label => ({ level: label }) },
      hooks: { streamWrite: escapeControls },
    },
    destination,
  )
}

interface DescribedError {
  type: string
  code?: unknown
  message: string
  stack?: string | undefined
  cause?: DescribedError
}

function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const described: DescribedError = { type: error.name, message: error.message, stack: error.stack }
  if ('code' in error) described.code = error.code
  if (error.cause !== undefined) described.cause = describeError(error.cause)
  return described
}

/** JSON escapes U+0000 to U+001F; the other controls, line separators and text direction marks are left to us. */
const controls = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/
const everyControl = new RegExp(controls, 'g')

/** They can only stand within strings of the line, where a \u escape means the same. */
function escapeControls(line: string): string {
  if (!controls.test(line)) return line
  return line.replace(everyControl, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
