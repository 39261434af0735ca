import cluster, { type Worker } from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'
import { childFlag, isOurs, type MetricJson, type Order, type Question, type Report } from './protocol.ts'

/** How a child ended. */
export interface ChildExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Why it was never started. */
  readonly err?: Error
}

/** One process of several, as the primary sees it. */
export interface Child {
  /** 0 if it could not be started. */
  readonly pid: number
  /** Its start is over, and it was not told to stop. */
  readonly isServing: boolean
  /** Resolves when its start is over; never, if it ends before. */
  readonly served: Promise<void>
  /** It was told to stop. */
  readonly isStopping: boolean
  readonly exited: Promise<ChildExit>
  /** Its last metrics that are known here. */
  readonly lastMetrics: readonly MetricJson[]
  /** Undefined if it does not answer in time. */
  ask(what: Question, withinMs: number): Promise<unknown>
  /** Has it close as after SIGTERM. */
  stop(): void
  kill(): void
}

/**
 * Starts this program once more, as the child in a place. Never throws: where the system has no room for
 * another process, the child ends at once, with the error.
 */
export function forkChild(file: string, place: number): Child {
  cluster.setupPrimary({
    exec: file,
    args: [...process.argv.slice(2), childFlag, String(place)],
    serialization: 'advanced',
  })
  // Node tells some errors of a spawn by an event (ENOENT, EACCES, EAGAIN, EMFILE), and throws the others.
  try {
    return childOf(cluster.fork())
  } catch (err) {
    return neverStarted(err as Error)
  }
}

function childOf(worker: Worker): Child {
  const waiting = new Map<number, (value: unknown) => void>()
  let asked = 0
  let hasServed = false
  const served = Promise.withResolvers<void>()
  let isStopping = false
  let lastMetrics: readonly MetricJson[] = []

  // Never throws: it hands values on.
  worker.on('message', (message: unknown) => {
    if (!isOurs<Report>(message)) return
    if (message.botyard === 'serving') {
      hasServed = true
      served.resolve()
    } else if (message.botyard === 'last') lastMetrics = message.metrics
    else waiting.get(message.id)?.(message.value)
  })
  const drained = new Promise(resolve => worker.once('disconnect', resolve))
  const exited = new Promise<ChildExit>(resolve => {
    // Of a channel that broke `exit` follows; of a process that was never started nothing does.
    worker.on('error', err => {
      if (!worker.process.pid) resolve({ code: null, signal: null, err })
    })
    worker.once('exit', (code: number | null, signal: string | null) => {
      // Never rejects. What it said last may still be in the channel.
      void drained.then(() => resolve({ code, signal: signal as NodeJS.Signals | null }))
    })
  })

  function send(order: Order): void {
    // A child that cannot be told has ended, or will be killed.
    if (worker.isConnected()) worker.send(order, () => undefined)
  }

  return {
    pid: worker.process.pid ?? 0,
    exited,
    served: served.promise,
    get isServing() {
      return hasServed && !isStopping
    },
    get isStopping() {
      return isStopping
    },
    get lastMetrics() {
      return lastMetrics
    },
    async ask(what, withinMs) {
      const id = ++asked
      const over = new AbortController()
      const answer = new Promise(resolve => waiting.set(id, resolve))
      const late = delay(withinMs, undefined, { signal: over.signal }).catch(() => undefined)
      send({ botyard: 'ask', id, what })
      const value = await Promise.race([answer, late, exited.then(() => undefined)])
      waiting.delete(id)
      over.abort()
      if (what === 'metrics' && value !== undefined) lastMetrics = value as readonly MetricJson[]
      return value
    },
    stop() {
      isStopping = true
      send({ botyard: 'stop' })
    },
    kill() {
      isStopping = true
      // Without one it would be sent to pid 0, which is every process of our group.
      if (worker.process.pid) worker.process.kill('SIGKILL')
    },
  }
}

function neverStarted(err: Error): Child {
  return {
    pid: 0,
    isServing: false,
    isStopping: false,
    served: new Promise(() => undefined),
    exited: Promise.resolve({ code: null, signal: null, err }),
    lastMetrics: [],
    ask: async () => undefined,
    stop: () => undefined,
    kill: () => undefined,
  }
}
