import { TaskCrashedError, TaskFailedError, TaskQueueFullError, TaskTimeoutError } from '@botyard/bot-kit'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** How a call of a task ended; `refused` is one that the full queue did not take. */
type TaskOutcome = 'ok' | 'failed' | 'timed_out' | 'aborted' | 'crashed' | 'refused'

/** What a pool tells of its calls. `task` is the name of a module, of which a worker has a handful. */
export interface TaskMetrics {
  ended(task: string, outcome: TaskOutcome): void
  /** Time in the queue, ms, of a call that got a thread. */
  waited(task: string, ms: number): void
  /** Time in a thread, ms, whatever came of it. */
  ran(task: string, ms: number): void
  /** Calls in threads and in the queue, from now on. */
  load(running: number, waiting: number): void
}

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Registers the metrics of the threads. */
export function createTaskMetrics(registry: Registry, threads: number): TaskMetrics {
  const registers = [registry]
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  const tasks = new Counter({
    name: 'botyard_tasks_total',
    help: 'Calls of ctx.run, by how they ended.',
    labelNames: ['task', 'outcome'],
    registers,
  })
  const wait = new Histogram({
    name: 'botyard_task_wait_seconds',
    help: 'Time that calls waited for a thread.',
    labelNames: ['task'],
    buckets: seconds,
    registers,
  })
  const run = new Histogram({
    name: 'botyard_task_seconds',
    help: 'Time of calls in a thread.',
    labelNames: ['task'],
    buckets: seconds,
    registers,
  })
  const inUse = gauge('botyard_task_threads_in_use', 'Threads that run a task now.')
  const inQueue = gauge('botyard_tasks_waiting', 'Calls that wait for a thread now.')
  gauge('botyard_task_threads', 'Threads that there may be.').set(threads)

  return {
    ended: (task, outcome) => tasks.inc({ task, outcome }),
    waited: (task, ms) => wait.observe({ task }, ms / 1000),
    ran: (task, ms) => run.observe({ task }, ms / 1000),
    load(running, waiting) {
      inUse.set(running)
      inQueue.set(waiting)
    },
  }
}

/** What a call that rejected counts as: all errors that are not of a task are reasons of a signal. */
export function outcomeOf(error: unknown): TaskOutcome {
  if (error instanceof TaskFailedError) return 'failed'
  if (error instanceof TaskCrashedError) return 'crashed'
  if (error instanceof TaskTimeoutError) return 'timed_out'
  if (error instanceof TaskQueueFullError) return 'refused'
  return 'aborted'
}
