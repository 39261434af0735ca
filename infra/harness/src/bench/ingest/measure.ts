import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startRedis } from '@botyard/testkit'
import { waitWhileItMoves } from '../../shared/wait.ts'
import type { Shape } from '../load/chat-sequence.ts'
import { startGenerator } from '../load/start-generator.ts'
import type { BenchedSystem, FsyncPolicy, StartOptions, SystemName } from '../systems/benched-system.ts'
import { cpuMicros } from '../systems/process-cpu.ts'
import type { IngestOptions } from './options.ts'

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

/** What is measured, and under which setting. */
export interface Subject {
  readonly system: SystemName
  readonly start: (options: StartOptions) => Promise<BenchedSystem>
  readonly fsync: FsyncPolicy
  readonly shape: Shape
}

/** A system that is up and warm. */
export interface WarmSystem {
  /**
   * One run: the load, timed until everything accepted is handled. Throws when that never happens: something was lost.
   */
  measure(round: number): Promise<Measurement>
  close(): Promise<void>
}

/** How often the worker is asked at the end of a run; a run's time is known this exactly. */
const POLL_MS = 20
const STUCK_MS = 60_000

/** Starts a system on a Redis of its own under `directory`, and warms it up. */
export async function warmUp(subject: Subject, options: IngestOptions, directory: string): Promise<WarmSystem> {
  const { system: name, fsync, shape } = subject
  const place = join(directory, [name, fsync, shape].join('-'))
  await mkdir(join(place, 'redis'), { recursive: true })

  await using stack = new AsyncDisposableStack()
  const redis = await startRedis({ appendfsync: fsync, dir: join(place, 'redis') })
  stack.defer(async () => {
    await redis.stop()
    await rm(join(place, 'redis'), { recursive: true })
  })
  const system = await subject.start({
    redisUrl: redis.url,
    fsync,
    directory: place,
    profiles: options.profile ? join(directory, 'profiles') : undefined,
  })
  stack.defer(() => system.close())
  const { connections, chats } = options
  const generator = startGenerator({ ...system.target, connections, chats, shape })
  stack.defer(() => generator.close())

  const warmup = await generator.run(options.warmup)
  let handledBefore = await untilHandled(system, warmup.accepted)
  const ownership = stack.move()

  return {
    async measure(round) {
      const cpuBefore = await cpuOf(system, redis.pid)
      const load = await generator.run(options.seconds)
      const answeredAt = performance.now()
      const handled = await untilHandled(system, handledBefore + load.accepted)
      const handledAt = performance.now()
      const cpuAfter = await cpuOf(system, redis.pid)
      if (load.accepted === 0) throw new Error(`${name}: nothing was accepted, but ${JSON.stringify(load.refused)}`)

      const surplus = handled - handledBefore - load.accepted
      handledBefore = handled
      const seconds = (performance.timeOrigin + handledAt - load.startedAtMs) / 1000
      const perUpdate = (process: keyof typeof cpuBefore) => (cpuAfter[process] - cpuBefore[process]) / load.accepted
      return {
        system: name,
        fsync,
        shape,
        round,
        accepted: load.accepted,
        refused: load.refused,
        perSecond: load.accepted / seconds,
        cpuMicros: {
          gateway: perUpdate('gateway'),
          worker: perUpdate('worker'),
          redis: perUpdate('redis'),
          generator: load.cpuMicros / load.accepted,
        },
        ackP50Ms: load.ackP50Ms,
        ackP99Ms: load.ackP99Ms,
        drainMs: handledAt - answeredAt,
        surplus,
      }
    },
    close: () => ownership.disposeAsync(),
  }
}

async function cpuOf(system: BenchedSystem, redisPid: number) {
  const { gateway, worker } = system.pids
  const [ofGateway, ofWorker, ofRedis] = await Promise.all([gateway, worker, redisPid].map(cpuMicros))
  return { gateway: ofGateway!, worker: ofWorker!, redis: ofRedis! }
}

/** Waits until so many updates are handled; answers how many are. Throws if no more were handled for a minute. */
export async function untilHandled(system: Pick<BenchedSystem, 'handled'>, expected: number): Promise<number> {
  const { done, seen } = await waitWhileItMoves(() => system.handled(), {
    ...{ isDone: handled => handled >= expected, patienceMs: STUCK_MS, everyMs: POLL_MS },
  })
  if (!done) throw new Error(`${seen} of ${expected} accepted updates were handled, and no more for a minute`)
  return seen
}
