import { Counter, Gauge, type Registry } from 'prom-client'
import type { Child } from './fork-child.ts'

/** What the primary counts. */
export interface ProcessMetrics {
  restarted(): void
}

/** Registers the metrics of the processes themselves. */
export function registerProcesses(registry: Registry, children: ReadonlySet<Child>): ProcessMetrics {
  new Gauge({
    name: 'botyard_processes',
    help: 'Processes of the app under one primary, by state.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const serving = [...children].filter(child => child.isServing).length
      const stopping = [...children].filter(child => child.isStopping).length
      this.set({ state: 'serving' }, serving)
      this.set({ state: 'stopping' }, stopping)
      this.set({ state: 'starting' }, children.size - serving - stopping)
    },
  })
  const restarts = new Counter({
    name: 'botyard_process_restarts_total',
    help: 'Processes that ended by themselves and were started again by the primary.',
    registers: [registry],
  })
  return { restarted: () => restarts.inc() }
}
