/** Of Node's sockets and name resolution, and of Postgres: shutting down, starting, too many connections. */
const codes = new Set([
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EPIPE',
    'ETIMEDOUT',
  ],
  ...['57P01', '57P02', '57P03', '53300'],
])

/** node-postgres gives its own time-outs and broken connections no code. */
const messages = /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout)/

/**
 * Whether an error of a query says that the control database cannot be reached now, rather than that the
 * query is wrong.
 */
export function isControlDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  // Class 08 are Postgres's connection exceptions.
  if (typeof code === 'string') return codes.has(code) || /^08...$/.test(code)
  return messages.test(error.message)
}
