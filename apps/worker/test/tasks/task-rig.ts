import type { TestContext } from 'node:test'
import { defineTask, type RunOptions } from '@botyard/bot-kit'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { createTaskMetrics } from '../../src/tasks/task-metrics.ts'
import { createTaskPool, type TaskPoolOptions } from '../../src/tasks/task-pool.ts'
import type play from './play.task.ts'
import type { Play } from './play.task.ts'

export const playTask = defineTask<typeof play>(new URL('./play.task.ts', import.meta.url))

/** A pool that ends with the test, a call for `play`, and what its metrics say. */
export function taskRig(t: TestContext, options: Partial<TaskPoolOptions> = {}) {
  const { threads = 1 } = options
  const registry = new Registry()
  const pool = createTaskPool({
    threads,
    queue: 100,
    timeoutMs: 30_000,
    memoryMb: 64,
    metrics: createTaskMetrics(registry, threads),
    logger: pino({ level: 'silent' }),
    ...options,
  })
  t.after(() => pool.close())
  const never = new AbortController().signal
  const valuesOf = async (metric: string) => (await registry.getSingleMetric(metric)!.get()).values
  return {
    pool,
    run: (input: Play, { bot = 'b', ...how }: RunOptions & { bot?: string } = {}) =>
      pool.of(bot)(playTask, input, { signal: never, ...how }),
    /** How many calls ended how. */
    outcomes: async () =>
      Object.fromEntries(
        (await valuesOf('botyard_tasks_total')).map(({ labels, value }) => [labels.outcome, value]),
      ),
    gauge: async (metric: string) => (await valuesOf(metric))[0]?.value,
  }
}

/** A call that holds its thread until it is opened. */
export function createGate() {
  const gate = new Int32Array(new SharedArrayBuffer(8))
  return {
    input: { do: 'gate', gate } as const,
    /** Resolves when the call has its thread. */
    begun: async () => {
      await Atomics.waitAsync(gate, 1, 0).value
    },
    open() {
      Atomics.store(gate, 0, 1)
      Atomics.notify(gate, 0)
    },
  }
}
