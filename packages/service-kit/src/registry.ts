import { type Aggregator, Gauge, Registry } from 'prom-client'
import { eventLoopDelay } from './event-loop-delay.ts'
import { droppedLogLines } from './log-sink.ts'

/**
 * A metrics registry whose metrics carry the label `app`, with those of the process itself and the event
 * loop.
 */
export function createRegistry({ app }: { app: string }): Registry {
  const registry = new Registry()
  registry.setDefaultLabels({ app })
  collectProcess(registry)
  eventLoopDelay(registry)
  return registry
}

/**
 * The names are prom-client's own. Its `collectDefaultMetrics` is not used because it reads /proc
 * synchronously at every scrape, and nothing of ours may block the event loop after the start.
 */
function collectProcess(registry: Registry): void {
  const gauge = (name: string, help: string, read: () => number, aggregator: Aggregator = 'sum') => {
    registry.registerMetric(
      new Gauge({
        name,
        help,
        aggregator,
        registers: [],
        collect() {
          this.set(read())
        },
      }),
    )
  }
  const startedSeconds = Math.round(Date.now() / 1000 - process.uptime())
  // Of several processes the primary's own, which comes first: those it renews are no restart.
  gauge(
    'process_start_time_seconds',
    'When the process started, Unix seconds.',
    () => startedSeconds,
    'first',
  )
  gauge('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss())
  gauge('nodejs_heap_size_used_bytes', 'Heap in use.', () => process.memoryUsage().heapUsed)
  gauge('nodejs_heap_size_total_bytes', 'Heap reserved.', () => process.memoryUsage().heapTotal)
  gauge('nodejs_external_memory_bytes', 'Buffers and the like.', () => process.memoryUsage().external)
  gauge(
    'botyard_log_lines_dropped_total',
    'Log lines that could not be written: full disk, broken pipe.',
    droppedLogLines,
  )
  gauge('process_cpu_user_seconds_total', 'CPU in user mode.', () => process.cpuUsage().user / 1e6)
  gauge('process_cpu_system_seconds_total', 'CPU in the kernel.', () => process.cpuUsage().system / 1e6)
}
