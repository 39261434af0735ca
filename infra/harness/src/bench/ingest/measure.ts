import { join } from 'node:path'
import { waitWhileItMoves } from '../../shared/wait.ts'
import type { Shape } from '../load/chat-sequence.ts'
import type { Generator } from '../load/start-generator.ts'
import type { BenchedSystem, FsyncPolicy, StartOptions, SystemName } from '../systems/benched-system.ts'
import { startOnOwnRedis } from '../systems/on-own-redis.ts'
import { cpuBetween, cpuOf } from '../systems/process-cpu.ts'
import type { IngestOptions } from './options.ts'

/** The processes whose processor time is reported. */
export const reportedProcesses = ['gateway', 'worker', 'redis', 'generator'] as const
type ReportedProcess = (typeof reportedProcesses)[number]

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
  readonly cpuMicros: Readonly<Record<ReportedProcess, number>>
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
   * One run: the load, timed until everything accepted is handled. Throws when that never happens: something
   * was lost.
   */
  measure(round: number): Promise<Measurement>
  close(): Promise<void>
}

/** How often the worker is asked at the end of a run; a run's time is known this exactly. */
const pollMs = 20
const stuckMs = 60_000

/** Starts a system on a Redis of its own under `directory`, and warms it up. */
export async function warmUp(
  subject: Subject,
  options: IngestOptions,
  generator: Generator,
  directory: string,
): Promise<WarmSystem> {
  const { system: name, fsync, shape } = subject
  await using stack = new AsyncDisposableStack()
  const start = {
    fsync,
    directory: join(directory, [name, fsync, shape].join('-')),
    profiles: options.profile ? join(directory, 'profiles') : undefined,
  }
  const system = stack.adopt(await startOnOwnRedis(subject.start, start), system => system.close())
  const { connections, chats } = options
  const load = (seconds: number) =>
    generator.run({ target: system.targetOf(), connections, chats, shape, seconds })

  const warmup = await load(options.warmup)
  let handledBefore = await untilHandled(system, warmup.accepted)
  const ownership = stack.move()

  return {
    async measure(round) {
      const cpuBefore = cpuOf(system.pids)
      const result = await load(options.seconds)
      const answeredAt = performance.now()
      const handled = await untilHandled(system, handledBefore + result.accepted)
      const handledAt = performance.now()
      const cpuAfter = cpuOf(system.pids)
      const { accepted, refused, ackP50Ms, ackP99Ms } = result
      if (accepted === 0) throw new Error(`${name}: nothing was accepted, but ${JSON.stringify(refused)}`)

      const surplus = handled - handledBefore - accepted
      handledBefore = handled
      const seconds = (performance.timeOrigin + handledAt - result.startedAtMs) / 1000
      const { gateway = 0, worker = 0, redis = 0 } = cpuBetween(cpuBefore, cpuAfter, accepted)
      return {
        ...{ system: name, fsync, shape, round, accepted, refused, ackP50Ms, ackP99Ms, surplus },
        perSecond: accepted / seconds,
        cpuMicros: { gateway, worker, redis, generator: result.cpuMicros / accepted },
        drainMs: handledAt - answeredAt,
      }
    },
    close: () => ownership.disposeAsync(),
  }
}

/**
 * Waits until so many updates are handled; answers how many are. Throws if no more were handled for a minute.
 */
export async function untilHandled(
  system: Pick<BenchedSystem, 'handled'>,
  expected: number,
): Promise<number> {
  const { done, seen } = await waitWhileItMoves(() => system.handled(), {
    ...{ isDone: handled => handled >= expected, patienceMs: stuckMs, everyMs: pollMs },
  })
  if (!done) throw new Error(`${seen} of ${expected} accepted updates were handled, and no more for a minute`)
  return seen
}
