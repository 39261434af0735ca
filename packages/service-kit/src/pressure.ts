import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Logger } from 'pino'
import { Gauge, type Registry } from 'prom-client'
import { Type } from 'typebox'

/** The variable of `memoryBound`. */
export const memoryConfig = {
  MAX_MEMORY_MB: Type.Optional(
    Type.Integer({
      minimum: 64,
      description:
        'Memory of each process (resident) beyond which it takes less in; default nine tenths of what the container has, divided by PROCESSES. Nine tenths of the JavaScript heap are such a bound too.',
    }),
  ),
}

/**
 * How near the process is to its end: `high` is the bound that was set for it; `critical` is where what is
 * taken in is lost either way, as nobody waits so long, or as the process runs out of memory.
 */
export type PressureLevel = 'none' | 'high' | 'critical'

/** What is measured, each as a part of its bound. */
export interface Load {
  readonly delay: number
  readonly memory: number
}

/** The load of this process. */
export interface Pressure {
  readonly level: PressureLevel
  close(): void
}

/** Where the bounds are. */
export interface PressureOptions {
  /** How late timers may run, on average of a second; undefined: no matter how late. */
  readonly maxDelayMs?: number
  /** Memory of the process; undefined: no bound but that of the heap. */
  readonly maxMemoryBytes?: number | undefined
  readonly onChange?: (level: PressureLevel) => void
  readonly logger: Logger
  readonly registry: Registry
  /** For tests. */
  readonly read?: () => Load
  readonly everyMs?: number
}

const defaultEveryMs = 1_000
const resolutionMs = 10
/** A bound that was reached is left when the load has fallen below this part of it: no flapping. */
const leftBelow = 0.8
/** The delay of 500 ms becomes 2 s, which is all that the most hurried platform waits. */
const criticalDelay = 4
const criticalMemory = 1.06
/** V8 collects garbage before this part of its bound; what is still used then is in use. */
const heapPart = 0.9

/** Measures from now on, and says in log and metrics when the level changes. */
export function watchPressure(options: PressureOptions): Pressure {
  const { onChange = () => undefined, logger, registry, read = createRead(options) } = options
  let level: PressureLevel = 'none'
  let load: Load = { delay: 0, memory: 0 }
  new Gauge({
    name: 'botyard_pressure',
    help: 'Load of the process as a part of its bound; at 1 it takes less in.',
    labelNames: ['of'],
    aggregator: 'max',
    registers: [registry],
    collect() {
      this.set({ of: 'event_loop' }, load.delay)
      this.set({ of: 'memory' }, load.memory)
    },
  })

  function look(): void {
    load = read()
    const next = levelOf(load, level)
    if (next === level) return
    level = next
    if (next === 'none') logger.info('the process takes in everything again')
    else logger.warn({ level: next, ...load }, 'the process is under pressure: it takes less in')
    onChange(next)
  }

  // Never throws: it reads figures of the process.
  const timer = setInterval(look, options.everyMs ?? defaultEveryMs)
  return {
    get level() {
      return level
    },
    close: () => clearInterval(timer),
  }
}

function levelOf({ delay, memory }: Load, before: PressureLevel): PressureLevel {
  const part = (reached: boolean) => (reached ? leftBelow : 1)
  const isCritical = part(before === 'critical')
  if (delay >= criticalDelay * isCritical || memory >= criticalMemory * isCritical) return 'critical'
  const isHigh = part(before !== 'none')
  return delay >= isHigh || memory >= isHigh ? 'high' : 'none'
}

function createRead({ maxDelayMs, maxMemoryBytes, everyMs = defaultEveryMs }: PressureOptions): () => Load {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  if (maxDelayMs !== undefined) delays.enable()
  let lookedAt = performance.now()

  function lateMs(): number {
    const now = performance.now()
    // Where the loop stood still for the whole time there is no sample, but this look is late itself.
    const ownMs = now - lookedAt - everyMs
    const meanMs = delays.mean / 1e6 - resolutionMs
    lookedAt = now
    delays.reset()
    return Math.max(0, Number.isNaN(meanMs) ? ownMs : meanMs)
  }

  return () => {
    const heap = getHeapStatistics()
    const heapLoad = heap.used_heap_size / (heap.heap_size_limit * heapPart)
    const ownLoad = maxMemoryBytes === undefined ? 0 : process.memoryUsage.rss() / maxMemoryBytes
    return {
      delay: maxDelayMs === undefined ? 0 : lateMs() / maxDelayMs,
      memory: Math.max(heapLoad, ownLoad),
    }
  }
}

/**
 * The memory that each of `processes` may have: so many MB, else nine tenths of what the container has; no
 * bound where there is none.
 */
export function memoryBound(maxMegabytes: number | undefined, processes: number): number | undefined {
  if (maxMegabytes !== undefined) return maxMegabytes * 1024 * 1024
  const constrained = process.constrainedMemory()
  // Without a bound it is 0, or larger than any machine.
  if (constrained === 0 || constrained > 2 ** 50) return undefined
  return (constrained * 0.9) / processes
}
