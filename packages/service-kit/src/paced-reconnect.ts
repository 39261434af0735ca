/** Pauses between two reconnections for the same reason, in ms: the first, and the longest. */
const firstMs = 100
const maxMs = 5_000

/**
 * ioredis's `reconnectOnError`: a primary that became a replica answers READONLY (in a cluster MOVED) on the
 * old connection for ever, a new connection finds the new primary. While there is none yet (a failover takes
 * seconds) each new connection is answered so, too, so they come with growing pauses; the commands in between
 * fail with that answer.
 */
export function createPacedReconnect(): (error: Error) => boolean {
  let pauseMs = 0
  let nextAt = 0
  return error => {
    if (!/^(READONLY|MOVED) /.test(error.message)) return false
    const now = performance.now()
    if (now < nextAt) return false
    // After a quiet time it is another outage.
    pauseMs = now > nextAt + maxMs * 2 ? firstMs : Math.min(Math.max(pauseMs * 2, firstMs), maxMs)
    nextAt = now + pauseMs
    return true
  }
}
