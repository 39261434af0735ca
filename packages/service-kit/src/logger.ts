import { type DestinationStream, type Logger, pino } from 'pino'
import { gatherLines } from './gather-lines.ts'
import { createLogSink } from './log-sink.ts'

const standardOutput = 1

const censor = '[redacted]'

/** Field names whose value is never logged. */
const secretFields = new Set([
  'authorization',
  'cookie',
  'credentials',
  'key',
  'password',
  'secret',
  'signature',
  'token',
  'webhookSecret',
])

/**
 * A JSON logger on standard output, written asynchronously and flushed at exit. Secrets are redacted by field
 * name, and an error is its type, code, message, stack and causes, never its other fields: those of ioredis
 * and pg hold the arguments of the command. Characters that could steer a terminal are escaped. `destination`
 * is for tests.
 */
export function createLogger({
  name,
  level,
  destination = gatherLines(createLogSink(standardOutput)),
}: {
  name: string
  level: string
  destination?: DestinationStream
}): Logger {
  return pino(
    {
      name,
      level,
      // The first level only, which costs nothing: pino's wildcards for the others cost 10 µs a line,
      // `redactNested` none.
      redact: { paths: [...secretFields], censor },
      serializers: { err: error => describeError(error) },
      formatters: { level: label => ({ level: label }), log: redactNested },
      hooks: { streamWrite: escapeControls },
    },
    destination,
  )
}

/** How deep a logged object is searched for secrets; deeper parts are left out. */
const maxDepth = 4

/**
 * Redacts what lies below the first level, and describes errors wherever they stand; a flat line is left as
 * it is.
 */
function redactNested(fields: Record<string, unknown>): Record<string, unknown> {
  for (const name in fields) {
    const value = fields[name]
    if (typeof value === 'object' && value !== null && name !== 'err') {
      const copy = { ...fields }
      // `err` has a serializer of its own, which pino applies after this.
      for (const name in copy) if (name !== 'err') copy[name] = redacted(copy[name], 1)
      return copy
    }
  }
  return fields
}

function redacted(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return describeError(value, depth)
  if (depth > maxDepth) return '[too deep]'
  if (Array.isArray(value)) return value.map(item => redacted(item, depth + 1))
  if ('toJSON' in value) return value
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    secretFields.has(name) ? censor : redacted(field, depth + 1),
  ])
  return Object.fromEntries(fields)
}

interface DescribedError {
  type: string
  code?: unknown
  message: string
  stack?: string | undefined
  cause?: DescribedError
}

function describeError(error: unknown, depth = 1): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const described: DescribedError = { type: error.name, message: error.message, stack: error.stack }
  if ('code' in error) described.code = error.code
  if (error.cause !== undefined && depth < maxDepth) described.cause = describeError(error.cause, depth + 1)
  return described
}

/**
 * JSON escapes U+0000 to U+001F; the other controls, line separators and text direction marks are left to us.
 */
const controls = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/
const everyControl = new RegExp(controls, 'g')

/** They can only stand within strings of the line, where a \u escape means the same. */
function escapeControls(line: string): string {
  if (!controls.test(line)) return line
  return line.replace(
    everyControl,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
