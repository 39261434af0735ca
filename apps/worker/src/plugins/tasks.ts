import fp from 'fastify-plugin'
import type { Registry } from 'prom-client'
import { createTaskMetrics } from '../tasks/task-metrics.ts'
import { createTaskPool, type TaskPool, type TaskPoolOptions } from '../tasks/task-pool.ts'

/** How many threads, and how long their line may be. */
export interface TasksOptions extends Omit<TaskPoolOptions, 'metrics' | 'tracing'> {
  readonly registry: Registry
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Threads for `ctx.run`. */
    tasks: TaskPool
  }
}

/** Threads for what would hold the event loop up. */
export default fp<TasksOptions>(
  async function tasks(app, { registry, ...options }) {
    const pool = createTaskPool({
      ...options,
      metrics: createTaskMetrics(registry, options.threads),
      tracing: app.tracing,
    })
    app.decorate('tasks', pool)
    app.addHook('onClose', () => pool.close())
  },
  { name: 'tasks', fastify: '5.x' },
)
