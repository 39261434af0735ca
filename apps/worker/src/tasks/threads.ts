import { fileURLToPath } from 'node:url'
import { MessageChannel, type Transferable } from 'node:worker_threads'
import { TaskCrashedError, TaskFailedError, TaskTimeoutError } from '@botyard/bot-kit'
import type { Logger } from 'pino'
import { Piscina } from 'piscina'
import { putTogether, type ThreadAnswer, type ThreadCall } from './thread-call.ts'

/** How a call is bounded. */
interface CallOptions {
  readonly signal: AbortSignal
  /** Time of the function itself, ms: neither the start of its thread nor the loading of its module. */
  readonly timeoutMs: number
  readonly transfer: readonly Transferable[]
}

/** Threads that call the functions of task modules. */
export interface Threads {
  /**
   * Never more calls at once than there are threads. Rejects with `TaskFailedError`, `TaskCrashedError` or
   * `TaskTimeoutError`, or with the signal's reason.
   */
  call(call: ThreadCall, options: CallOptions): Promise<unknown>
  close(): Promise<void>
}

/** What the pool is made of. */
export interface ThreadsOptions {
  readonly threads: number
  /** JavaScript memory of each thread, MiB; buffers are not in it. */
  readonly memoryMb: number
  readonly logger: Logger
}

/**
 * On Linux niceness is a thread's: tasks leave the processors to the event loop. Elsewhere it is the
 * process's.
 */
const niceIncrement = process.platform === 'linux' ? 5 : 0

/** A model takes seconds to load, and several times as long on a machine that has just started everything. */
const beginWithinMs = 60_000

/** Starts no thread before it is needed, then keeps it until a call ends it: by crash, time-out or abort. */
export function createThreads({ threads, memoryMb, logger }: ThreadsOptions): Threads {
  const pool = new Piscina({
    filename: fileURLToPath(new URL('./task-thread.ts', import.meta.url)),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    // Between calls a thread's own event loop goes on: what a task left behind fails then, and not in the
    // next call.
    atomics: 'disabled',
    niceIncrement,
    recordTiming: false,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  })
  pool.on('error', err => logger.warn({ err }, 'a task broke its thread after it had ended'))

  async function send(call: ThreadCall, { signal, timeoutMs, transfer }: CallOptions): Promise<ThreadAnswer> {
    const timeout = new AbortController()
    const endAfter = (ms: number, did: string) =>
      setTimeout(() => timeout.abort(new TaskTimeoutError(`The task ${call.name} ${did} ${ms} ms`)), ms)
    let timer = endAfter(Math.max(beginWithinMs, timeoutMs), 'did not begin within')
    const { port1: begun, port2: toldBegun } = new MessageChannel()
    begun.once('message', () => {
      clearTimeout(timer)
      timer = endAfter(timeoutMs, 'ran for more than')
    })
    const ending = AbortSignal.any([signal, timeout.signal])
    try {
      const transferList = [...transfer, toldBegun] as never
      return await pool.run({ ...call, begun: toldBegun }, { signal: ending, transferList })
    } catch (cause) {
      if (ending.aborted) throw ending.reason
      // Of a DOMException that comes out of a thread nothing but the stack is left.
      const [, uncloneable] = /^DataCloneError: (.*)/.exec((cause as Error).stack ?? '') ?? []
      if (uncloneable !== undefined) {
        throw new TaskFailedError(
          `Input or result of the task ${call.name} cannot cross to a thread: ${uncloneable}`,
          {
            cause,
          },
        )
      }
      throw new TaskCrashedError(`The task ${call.name} took its thread down: ${(cause as Error).message}`, {
        cause,
      })
    } finally {
      clearTimeout(timer)
      begun.close()
    }
  }

  return {
    async call(call, options) {
      const answer = await send(call, options)
      if ('result' in answer) return answer.result
      const cause = putTogether(answer.error)
      throw new TaskFailedError(`The task ${call.name} failed: ${cause.message}`, { cause })
    },
    close: () => pool.destroy(),
  }
}
