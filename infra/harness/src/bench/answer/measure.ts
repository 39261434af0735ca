import { setTimeout as delay } from 'node:timers/promises'
import type { LoadOrder } from '../load/generator.ts'
import type { LoadTarget } from '../load/request-template.ts'
import type { Generator } from '../load/start-generator.ts'
import type { FsyncPolicy } from '../systems/benched-system.ts'
import { type CpuMicros, cpuBetween, cpuOf, mapProcesses, type Pids } from '../systems/process-cpu.ts'
import { type BusyLoad, ratesOf } from './loads.ts'
import type { AnswerOptions } from './options.ts'

/** What is compared: a system, and one of its bots. */
export const subjectNames = ['botyard', 'botyard, stateful', 'release', 'recipe', 'grammy'] as const
export type SubjectName = (typeof subjectNames)[number]

/** A subject that is up. */
export interface Subject {
  readonly name: SubjectName
  readonly target: LoadTarget
  /** The processes that take part. */
  readonly pids: Pids
}

/** What one run measured. */
export interface AnswerRun {
  readonly subject: SubjectName
  readonly fsync: FsyncPolicy
  readonly load: BusyLoad
  readonly round: number
  readonly wantedPerSecond: number | undefined
  readonly answersPerSecond: number
  /** Processor time per answer, µs. */
  readonly cpuMicros: CpuMicros
  /** Of the generator and the Bot API, per accepted update, µs. */
  readonly generatorMicros: number
  readonly ackP50Ms: number
  readonly ackP99Ms: number
  readonly answerP50Ms: number
  readonly answerP99Ms: number
  readonly answerMaxMs: number
  readonly refused: Readonly<Record<string, number>>
  readonly strays: number
  readonly missing: number
}

/** What a system used while nothing happened. */
export interface IdleRun {
  readonly subject: SubjectName
  readonly fsync: FsyncPolicy
  /** Per cent of a core. */
  readonly cpuPercent: CpuMicros
}

/** Processor time is known to 10 ms: to 0.05 % of a core in so long a time. */
const idleSeconds = 20
/**
 * What the load before leaves behind is done by then: V8 collects the whole heap once more, 20 s after the
 * last load (seen: 90 ms of two processors after 200/s, which would be 0.9 % of ten seconds).
 */
const restSeconds = 30

/** One run of a subject under a load. */
export async function measureAnswers(
  subject: Subject,
  { fsync, load, round }: Pick<AnswerRun, 'fsync' | 'load' | 'round'>,
  options: AnswerOptions,
  generator: Generator,
): Promise<AnswerRun> {
  const { name } = subject
  const result = await generator.run(orderOf(subject, options, options.seconds, ratesOf[load]))
  const { accepted, refused, ackP50Ms, ackP99Ms, cpuMicros } = result
  const { count, window, p50Ms, p99Ms, maxMs, strays, missing, cpuMicros: cpu } = result.replies!
  if (accepted === 0) throw new Error(`${name}: nothing was accepted, but ${JSON.stringify(refused)}`)
  return {
    ...{ subject: name, fsync, load, round, ackP50Ms, ackP99Ms, refused, strays, missing },
    ...{ answerP50Ms: p50Ms, answerP99Ms: p99Ms, answerMaxMs: maxMs },
    wantedPerSecond: ratesOf[load],
    answersPerSecond: (count * 1000) / (window.toMs - window.fromMs),
    cpuMicros: mapProcesses(cpu, micros => micros / count),
    generatorMicros: cpuMicros / accepted,
  }
}

/** Load that nobody measures: code is compiled by it, and connections opened. */
export async function warmUp(subject: Subject, options: AnswerOptions, generator: Generator): Promise<void> {
  await generator.run(orderOf(subject, options, options.warmup))
}

/** All systems at once: nothing happens in any. */
export async function measureIdle(subjects: readonly Subject[], fsync: FsyncPolicy): Promise<IdleRun[]> {
  await delay(restSeconds * 1000)
  const before = subjects.map(({ pids }) => cpuOf(pids))
  await delay(idleSeconds * 1000)
  return subjects.map(({ name, pids }, i) => {
    const used = cpuBetween(before[i]!, cpuOf(pids))
    return { subject: name, fsync, cpuPercent: mapProcesses(used, micros => micros / 1e4 / idleSeconds) }
  })
}

function orderOf(
  { target, pids }: Subject,
  { connections, chats, lead: leadSeconds, 'in-flight': maxUnderWay }: AnswerOptions,
  measuredSeconds: number,
  perSecond?: number,
): LoadOrder {
  const replies = { maxUnderWay, leadSeconds, pids }
  const seconds = leadSeconds + measuredSeconds
  return { target, connections, chats, shape: 'uniform', seconds, perSecond, replies }
}
