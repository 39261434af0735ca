import { ReplyError } from 'ioredis'

/** What Redis answers while it cannot do a command now, but will: the same command is worth another try. */
const transientCodes = new Set([
  ...[
    'BUSY',
    'CLUSTERDOWN',
    'LOADING',
    'MASTERDOWN',
    'MISCONF',
    'NOREPLICAS',
    'OOM',
    'READONLY',
    'TRYAGAIN',
    'UNBLOCKED',
  ],
  // A server whose users were changed or that asks for a password now: an operator's to mend, nothing of this
  // command.
  ...['NOAUTH', 'NOPERM', 'WRONGPASS', 'NOSCRIPT', 'MOVED', 'ASK'],
])

/**
 * Whether a command that failed with this error may succeed later: lost connections, and Redis not being able
 * to now.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof RangeError || error instanceof TypeError) return false
  if (!(error instanceof ReplyError)) return true
  const { message } = error as Error
  const code = /^(?:ERR )?([A-Z]+)/.exec(message)?.[1] ?? ''
  // An error inside a script quotes what its command was answered.
  return transientCodes.has(code) || [...transientCodes].some(word => message.includes(`${word} `))
}
