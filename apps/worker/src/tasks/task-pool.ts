import { type RunOptions, type RunTask, type Task, TaskQueueFullError } from '@botyard/bot-kit'
import { ShutdownError } from '@botyard/mailbox'
import type { Tracing } from '@botyard/service-kit/tracing'
import { outcomeOf, type TaskMetrics } from './task-metrics.ts'
import { createThreads, type ThreadsOptions } from './threads.ts'
import { WaitingLine } from './waiting-line.ts'

/** See the `CPU_` variables of the config. */
export interface TaskPoolOptions extends ThreadsOptions {
  /** Calls of one bot that may wait while no other bot's do. */
  readonly queue: number
  /** Of calls that say nothing else, ms. */
  readonly timeoutMs: number
  readonly metrics: TaskMetrics
  readonly tracing?: Tracing | undefined
}

/** Threads for the tasks of all bots. */
export interface TaskPool {
  /** `ctx.run` of a bot, before it knows of the update; rejects as that says. */
  of(bot: string): RunTask
  /** Ends all threads; calls under way reject with `ShutdownError`. */
  close(): Promise<void>
}

/** How a refused call is put off, ms: at the least, and at most. */
const minWaitMs = 200
const maxWaitMs = 5_000

/**
 * The queue is ours, because piscina does not bound that of calls that can be aborted, and starts no thread
 * for what waits there when an abort has ended one.
 */
export function createTaskPool(options: TaskPoolOptions): TaskPool {
  const { metrics, tracing } = options
  const threads = createThreads(options)
  const line = new WaitingLine<() => void>(options.queue)
  const closing = new AbortController()
  let running = 0
  let meanMs = 10

  /** Resolves when a thread is free; it counts as taken then. */
  async function takeThread(bot: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    if (!line.add(bot, resolve)) throw new TaskQueueFullError(shorterQueueMs())
    const giveUp = () => {
      if (line.remove(bot, resolve)) reject(signal.reason)
      metrics.load(running, line.size)
    }
    // Never throws: it looks through the line and sets a gauge.
    signal.addEventListener('abort', giveUp)
    startWaiting()
    await promise.finally(() => signal.removeEventListener('abort', giveUp))
  }

  function startWaiting(): void {
    while (running < options.threads) {
      const start = line.next()
      if (start === undefined) break
      running++
      start()
    }
    metrics.load(running, line.size)
  }

  function giveThreadBack(ms: number): void {
    running--
    meanMs += (ms - meanMs) / 20
    startWaiting()
  }

  /**
   * When half of what waits should be done, give or take a fifth: what was refused together should not return
   * together.
   */
  function shorterQueueMs(): number {
    const halfMs = (line.size * meanMs) / options.threads / 2
    return Math.round(Math.min(Math.max(halfMs, minWaitMs), maxWaitMs) * (0.8 + Math.random() * 0.4))
  }

  async function run(
    bot: string,
    task: Task<unknown, unknown>,
    input: unknown,
    how: RunOptions,
    signal: AbortSignal,
  ) {
    const calledAt = performance.now()
    signal.throwIfAborted()
    await takeThread(bot, signal)
    const startedAt = performance.now()
    metrics.waited(task.name, startedAt - calledAt)
    try {
      const { timeoutMs = options.timeoutMs, transfer = [] } = how
      const call = { name: task.name, url: task.url, input }
      const bounds = { signal, timeoutMs, transfer }
      if (tracing === undefined) return await threads.call(call, bounds)
      return await tracing.part(`task ${task.name}`, { bot }, span =>
        threads.call({ ...call, traceparent: span?.traceparent }, bounds),
      )
    } finally {
      const ms = performance.now() - startedAt
      metrics.ran(task.name, ms)
      giveThreadBack(ms)
    }
  }

  return {
    of: bot =>
      async function runTask<In, Out>(
        task: Task<In, Out>,
        input: In,
        how: RunOptions & { signal: AbortSignal },
      ) {
        const signal = AbortSignal.any([how.signal, closing.signal])
        try {
          const result = await run(bot, task as Task<unknown, unknown>, input, how, signal)
          metrics.ended(task.name, 'ok')
          return result as Out
        } catch (error) {
          metrics.ended(task.name, outcomeOf(error))
          throw error
        }
      },
    async close() {
      closing.abort(new ShutdownError())
      await threads.close()
    },
  }
}
