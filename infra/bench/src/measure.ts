import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startRedis } from '@botyard/testkit'
import type { BenchedSystem, FsyncPolicy, StartOptions, SystemName } from './benched-system.ts'
import type { Shape } from './load/chat-sequence.ts'
import { startGenerator } from './load/start-generator.ts'
import type { IngestOptions } from './options.ts'
import { cpuMicros } from './process-cpu.ts'

/** The processes whose processor time is reported. */
export const processNames = ['gateway', 'worker', 'redis', 'generator'] as const
export type ProcessName = (typeof processNames)[number]

/** What one run measured. */
export interface Measurement {
  readonly system: SystemName
  readonly fsync: FsyncPolicy
  readonly shape: Shape
  readonly round: number
  readonly accepted: number
  readonly refused: Readonly<Record<string, number>>
  /** Accepted updates, over the time from the first request until the last of them was handled. */
  readonly perSecond: number
  /** Processor time per accepted update, µs. */
  readonly cpuMicros: Readonly<Record<ProcessName, number>>
  readonly ackP50Ms: number
  readonly ackP99Ms: number
  /** From the last answer until all was handled, ms: what had piled up. */
  readonly drainMs: number
  /** Updates handled beyond those accepted: some twice, or some whose acceptance was not answered. */
  readonly surplus: number
}

/** Which run it is, and how its system is started. */
export interface Run {
  readonly system: SystemName
  readonly start: (options: StartOptions) => Promise<BenchedSystem>
  readonly fsync: FsyncPolicy
  readonly shape: Shape
  readonly round: number
}

/** How often the worker is asked at the end of a run; a run's time is known this exactly. */
const POLL_MS = 20
const STUCK_MS = 60_000

/**
 * One run: a fresh Redis and fresh processes under `directory`, a warm-up, then the load, timed until everything
 * accepted is handled. Throws when that never happens: something was lost.
 */
export async function measure(run: Run, options: IngestOptions, directory: string): Promise<Measurement> {
  const name = [run.system, run.fsync, run.shape, run.round].join('-')
  const place = join(directory, name)
  await mkdir(join(place, 'redis'), { recursive: true })

  await using stack = new AsyncDisposableStack()
  const redis = await startRedis({ appendfsync: run.fsync, dir: join(place, 'redis') })
  stack.defer(async () => {
    await redis.stop()
    await rm(join(place, 'redis'), { recursive: true })
  })
  const system = await run.start({
    redisUrl: redis.url,
    fsync: run.fsync,
    directory: place,
    profiles: options.profile ? join(directory, 'profiles') : undefined,
  })
  stack.defer(() => system.close())
  const { connections, chats } = options
  const generator = startGenerator({ ...system.target, connections, chats, shape: run.shape })
  stack.defer(() => generator.close())

  const warmup = await generator.run(options.warmupSeconds)
  const handledBefore = await untilHandled(system, warmup.accepted)

  const cpuBefore = await cpuOf(system, redis.pid)
  const startedAt = performance.now()
  const load = await generator.run(options.seconds)
  const answeredAt = performance.now()
  const handled = await untilHandled(system, handledBefore + load.accepted)
  const handledAt = performance.now()
  const cpuAfter = await cpuOf(system, redis.pid)
  if (load.accepted === 0) throw new Error(`${name}: nothing was accepted, but ${JSON.stringify(load.refused)}`)

  const perUpdate = (process: keyof typeof cpuBefore) => (cpuAfter[process] - cpuBefore[process]) / load.accepted
  return {
    system: run.system,
    fsync: run.fsync,
    shape: run.shape,
    round: run.round,
    accepted: load.accepted,
    refused: load.refused,
    perSecond: load.accepted / ((handledAt - startedAt) / 1000),
    cpuMicros: {
      gateway: perUpdate('gateway'),
      worker: perUpdate('worker'),
      redis: perUpdate('redis'),
      generator: load.cpuMicros / load.accepted,
    },
    ackP50Ms: load.ackP50Ms,
    ackP99Ms: load.ackP99Ms,
    drainMs: handledAt - answeredAt,
    surplus: handled - handledBefore - load.accepted,
  }
}

async function cpuOf(system: BenchedSystem, redisPid: number) {
  const { gateway, worker } = system.pids
  const [ofGateway, ofWorker, ofRedis] = await Promise.all([gateway, worker, redisPid].map(cpuMicros))
  return { gateway: ofGateway!, worker: ofWorker!, redis: ofRedis! }
}

/** Waits until so many updates are handled; answers how many it were. Throws when no more are for a minute. */
export async function untilHandled(system: Pick<BenchedSystem, 'handled'>, expected: number): Promise<number> {
  let handled = -1
  let movedAt = performance.now()
  for (;;) {
    const now = await system.handled()
    if (now >= expected) return now
    if (now > handled) movedAt = performance.now()
    else if (performance.now() - movedAt > STUCK_MS) throw new Error(`${now} of ${expected} accepted updates handled`)
    handled = now
    await delay(POLL_MS)
  }
}
