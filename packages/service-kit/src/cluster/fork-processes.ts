import cluster from 'node:cluster'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { configurationExitCode } from '../exit-codes.ts'
import { buildOps } from '../ops.ts'
import { runUntilSignal } from '../run-until-signal.ts'
import { isChild } from './child-side.ts'
import { type Child, type ChildExit, forkChild } from './fork-child.ts'
import { Place } from './place.ts'
import { registerProcesses } from './process-metrics.ts'
import type { MetricJson } from './protocol.ts'
import { createReload } from './reload.ts'
import { createMetricsSum } from './sum-metrics.ts'
import { watchChildren } from './watch-children.ts'

/** What the processes of an app are started with. */
export interface ForkOptions {
  /** How many; 1 is this process itself, without a primary. */
  readonly count: number
  /** The program, which calls this again as a child. */
  readonly file: string
  /** Where the primary answers for all of them. */
  readonly ops: { readonly host: string; readonly port: number }
  /** How long the close of a child may take, in ms. */
  readonly closeWithinMs: number
  readonly logger: Logger
  readonly registry: Registry
}

/** An answer that takes longer is none, in ms: shorter than /ready waits in all. */
const answerWithinMs = 1_500

const times = { firstBackoffMs: 250, maxBackoffMs: 10_000, stableAfterMs: 30_000 }

/**
 * Runs an app as several processes, each of them whole. In a child, and where there is to be one process
 * only, it returns at once. In the primary it never does: that forks the children, keeps them running, renews
 * them one by one at SIGHUP, and answers for all of them on the ops port.
 *
 * The children share one listening socket, which the primary holds (`SCHED_NONE`). Handed out by the primary
 * (`SCHED_RR`) connections are spread no better, 2,000 new ones took 1.4 times as long, and each kill of a
 * child under load left one caller without an answer or an end: the connection that had been sent to it.
 */
export async function forkProcesses(options: ForkOptions): Promise<void> {
  if (options.count === 1 || isChild()) return
  if (!cluster.isPrimary)
    throw new Error('PROCESSES must be 1 where a process manager starts several by itself')
  cluster.schedulingPolicy = cluster.SCHED_NONE
  await runPrimary(options).catch(err => {
    options.logger.fatal({ err }, 'cannot start')
    process.exit(1)
  })
  await new Promise(() => {})
}

async function runPrimary(options: ForkOptions): Promise<void> {
  const { count, file, logger, registry } = options
  const stop = new AbortController()
  const children = new Set<Child>()
  const sum = createMetricsSum()
  const metrics = registerProcesses(registry, children)
  const places: Place[] = []

  function fork(place: number): Child {
    const child = forkChild(file, place)
    children.add(child)
    if (child.pid > 0) logger.info({ place, child: child.pid }, 'process started')
    // Never rejects.
    void child.exited.then(() => {
      children.delete(child)
      sum.keep(child.lastMetrics)
    })
    // Never rejects. The others when one has found all that it needs: what is wrong is told once.
    void child.served.then(() => startUpTo(count))
    return child
  }

  function startUpTo(wanted: number): void {
    while (places.length < wanted && !stop.signal.aborted) {
      const place = places.length
      const deps = {
        fork: () => fork(place),
        onCrash: (child: Child, exit: ChildExit, ms: number) => onCrash(place, child, exit, ms),
        stopping: stop.signal,
      }
      places.push(new Place(deps, { ...times, closeWithinMs: options.closeWithinMs }))
    }
  }

  function onCrash(place: number, child: Child, exit: ChildExit, restartInMs: number): void {
    if (exit.code === configurationExitCode && ![...children].some(each => each.isServing)) {
      logger.fatal({ place, child: child.pid }, 'a process refuses its configuration, as it says: all end')
      process.exit(configurationExitCode)
    }
    metrics.restarted()
    logger.error({ place, child: child.pid, ...exit, restartInMs }, 'process ended, another one is started')
  }

  const listener = await buildOps({
    ...{ ...options.ops, logger },
    registry: {
      contentType: registry.contentType,
      async metrics() {
        await Promise.all([...children].map(child => child.ask('metrics', answerWithinMs)))
        const own = (await registry.getMetricsAsJSON()) as unknown as readonly MetricJson[]
        return sum.page([own, ...[...children].map(child => child.lastMetrics)])
      },
    },
    ready: () => checksOf([...children].filter(child => child.isServing)),
  })
  const reload = createReload({ places, isReady, logger, stopping: stop.signal })
  const watching = watchChildren(children, logger)
  // Never throws. Whatever ends the primary ends the children, which nobody would start again.
  process.on('exit', () => {
    for (const child of children) child.kill()
  })
  runUntilSignal({
    logger,
    // By then a child that does not close has been killed.
    delayMs: options.closeWithinMs + 5_000,
    onHangUp: reload.ask,
    async close() {
      stop.abort()
      watching.close()
      const closed = await Promise.all(places.map(place => place.close()))
      await reload.ended()
      await listener.close()
      if (closed.includes(false)) throw new Error('a process did not close as it should')
    },
  })
  startUpTo(1)
}

async function isReady(child: Child): Promise<boolean> {
  return child.isServing && Object.values(await checksOf([child])).every(Boolean)
}

/**
 * What all that serve say together. One that is being started gets no connections and does not count, but
 * there must be one that serves.
 */
async function checksOf(children: readonly Child[]): Promise<Record<string, boolean>> {
  const answers = await Promise.all(children.map(child => child.ask('ready', answerWithinMs)))
  const checks: Record<string, boolean> = { processes: children.length > 0 }
  for (const answer of answers) {
    const known = (answer ?? { answered: false }) as Record<string, boolean>
    for (const [name, holds] of Object.entries(known)) checks[name] = (checks[name] ?? true) && holds
  }
  return checks
}
