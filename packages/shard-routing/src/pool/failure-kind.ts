/**
 * The meaning of an error of node-postgres. `away`: the server or the way to it is gone, what ran may have
 * been done. `never`: the connection was never made, so nothing ran. `full`: neither, but the server lives
 * and has no connection left. `read-only`: a standby. `conflict`: serialization failure or deadlock, rolled
 * back. `stale-plan`: a prepared statement outlived a migration. `query`: the query's own fault.
 */
export type FailureKind = 'away' | 'never' | 'full' | 'read-only' | 'conflict' | 'stale-plan' | 'query'

/** Of Node's sockets and name resolution. */
const unreachable = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL'],
])
const broken = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
])

/** The server is starting up or shutting down, or refuses to connect. */
const refused = new Set(['57P03', '08001', '08004'])
/** Shut down, crashed. */
const ended = new Set(['57P01', '57P02'])

/** node-postgres gives its own time-outs and broken connections no code. */
const neverMessages =
  /^(timeout exceeded when trying to connect|Connection terminated due to connection timeout|timeout expired)/
const awayMessages =
  /^(Connection terminated|Query read timeout|Client has encountered a connection error|Client was closed|This socket has been ended)/
/** Of PgBouncer, which sends them as 08P01 or without a class of their own. */
const poolerMessages = /(server conn crashed|server_login_retry|query_wait_timeout|pgbouncer cannot connect)/

/** Sorts an error; the only place that knows their codes and texts. */
export function failureKind(error: unknown): FailureKind {
  if (!(error instanceof Error)) return 'query'
  const { code } = error as { code?: unknown }
  if (typeof code !== 'string') return ofMessage(error.message)
  if (code === '40001' || code === '40P01') return 'conflict'
  if (code === '25006') return 'read-only'
  if (code === '0A000' && error.message.startsWith('cached plan must not change')) return 'stale-plan'
  if (code === '53300' || error.message.startsWith('no more connections allowed')) return 'full'
  if (unreachable.has(code) || refused.has(code)) return 'never'
  // Class 08 are Postgres's connection exceptions.
  if (broken.has(code) || ended.has(code) || /^08...$/.test(code)) return 'away'
  return ofMessage(error.message)
}

function ofMessage(message: string): FailureKind {
  if (neverMessages.test(message)) return 'never'
  return awayMessages.test(message) || poolerMessages.test(message) ? 'away' : 'query'
}
