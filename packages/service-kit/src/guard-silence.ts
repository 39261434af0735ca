import type { Socket } from 'node:net'
import type { Redis } from 'ioredis'

/** What ioredis keeps to itself: the socket, and the commands whose answers are owed, oldest first. */
interface Internals {
  readonly stream?: Socket
  readonly commandQueue: {
    length: number
    peekFront(): { command: { name: string; args: unknown[] } } | undefined
  }
}

/** Commands that Redis answers late on purpose, by their last argument, in seconds. */
const blocking = new Set(['bzpopmin', 'bzpopmax', 'blpop', 'brpop'])

/**
 * Ends a connection that has been silent for `silenceMs` although an answer was owed; the client then
 * connects anew, and sends again what it may. A lost host, a forgotten NAT entry or a failover without a
 * reset send no FIN: without this the connection stands for a quarter of an hour. An idle connection is asked
 * for a PONG, so none is silent by right; only a blocking command may be, for its time.
 */
export function guardSilence(redis: Redis, silenceMs: number): void {
  const internals = redis as unknown as Internals
  let heardAt = performance.now()
  let owedSince: number | undefined
  const hear = () => {
    heardAt = performance.now()
    owedSince = undefined
  }

  // Never throws: it only looks, and destroys a socket.
  function look(): void {
    const { stream, commandQueue } = internals
    if ((redis.status !== 'ready' && redis.status !== 'connect') || stream === undefined) return
    // Its answer, or the end of the connection, is told to the socket's listeners.
    if (redis.status === 'ready' && commandQueue.length === 0) void redis.ping().catch(() => undefined)
    owedSince ??= performance.now()
    const patienceMs = silenceMs + blockedMs(commandQueue.peekFront()?.command)
    if (silentMs() < patienceMs) return
    // One more turn: an answer may be here already, and this process was the one that stood still.
    setImmediate(() => {
      if (silentMs() >= patienceMs && stream === internals.stream) {
        stream.destroy(new Error(`Redis has been silent for ${Math.round(silentMs())} ms`))
      }
    })
  }

  const silentMs = () => performance.now() - Math.max(heardAt, owedSince ?? performance.now())

  let timer: NodeJS.Timeout | undefined
  // A server that is frozen is connected to all the same, and never gets ready.
  redis.on('connect', () => {
    hear()
    internals.stream?.on('data', hear)
    clearInterval(timer)
    timer = setInterval(look, silenceMs / 4)
  })
  // Each connection ends with it; a client that is closed between two of them never says 'end'.
  redis.on('close', () => clearInterval(timer))
}

function blockedMs(command: { name: string; args: unknown[] } | undefined): number {
  if (command === undefined || !blocking.has(command.name)) return 0
  return Number(command.args.at(-1)) * 1000 || 0
}
