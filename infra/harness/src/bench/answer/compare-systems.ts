import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { renderMs } from '../../shared/statistics.ts'
import { type Generator, startGenerator } from '../load/start-generator.ts'
import type { FsyncPolicy, ServedSystem, StartOptions } from '../systems/benched-system.ts'
import { createStarters, type Starters } from '../systems/create-starters.ts'
import { startGrammy } from '../systems/grammy-system.ts'
import { startOnOwnRedis } from '../systems/on-own-redis.ts'
import { mapProcesses } from '../systems/process-cpu.ts'
import {
  type AnswerRun,
  type IdleRun,
  measureAnswers,
  measureIdle,
  type Subject,
  type SubjectName,
  warmUp,
} from './measure.ts'
import type { AnswerOptions } from './options.ts'

/** All that was measured. */
export interface AnswerRuns {
  readonly busy: readonly AnswerRun[]
  readonly idle: readonly IdleRun[]
}

/** The bots of bots/bench/answer; that of the plain answer comes first. */
const handlers = ['echo', 'stateful'] as const

/**
 * Measures the systems in turn (A B B A …), each answering by the same Bot API; `progress` hears of each run.
 * All of a setting stay up while it is measured, and only one is under load: two neighbours see the same
 * machine. Everything lies under `directory`, which is emptied first; afterwards it holds the logs, and the
 * profiles if asked for.
 */
export async function compareAnswers(
  options: AnswerOptions,
  directory: string,
  progress: (line: string) => void,
): Promise<AnswerRuns> {
  await rm(directory, { recursive: true, force: true })
  await using stack = new AsyncDisposableStack()
  const generator = stack.adopt(await startGenerator(), it => it.close())
  const { apiRoot } = generator
  const { only: names, release } = options
  const bots = handlers.map(handler => ({ handler, apiRoot }))
  const create = createStarters({ names, release, bots, folder: 'bench/answer', say: progress })
  const starters = stack.adopt(await create, it => it.close())

  const busy: AnswerRun[] = []
  const idle: IdleRun[] = []
  for (const fsync of options.fsync) {
    await using setting = new AsyncDisposableStack()
    const subjects = await startSubjects(setting, { starters, generator, options, fsync, directory })
    for (const subject of subjects) await warmUp(subject, options, generator)
    for (let round = 1; round <= options.rounds; round++) {
      for (const load of options.load) {
        if (load === 'idle') continue
        for (const subject of round % 2 === 1 ? subjects : subjects.toReversed()) {
          const run = await measureAnswers(subject, { fsync, load, round }, options, generator)
          progress(describe(run))
          busy.push(run)
        }
      }
    }
    const systems = subjects.filter(({ name }) => name !== 'botyard, stateful')
    if (options.load.includes('idle')) idle.push(...(await measureIdle(systems, fsync)))
  }
  return { busy, idle }
}

interface Setting {
  readonly starters: Starters
  readonly generator: Generator
  readonly options: AnswerOptions
  readonly fsync: FsyncPolicy
  readonly directory: string
}

/** Users' databases take part in a stateful answer alone. */
async function startSubjects(
  stack: AsyncDisposableStack,
  { starters: { of }, generator, options, fsync, directory }: Setting,
): Promise<Subject[]> {
  const profiles = options.profile ? join(directory, 'profiles') : undefined
  const start = async (name: SubjectName, starter: (it: StartOptions) => Promise<ServedSystem>) => {
    const place = { fsync, directory: join(directory, `${name}-${fsync}`), profiles }
    const system = stack.adopt(await startOnOwnRedis(starter, place), it => it.close())
    const { postgres: _, ...pids } = system.pids
    return { name, pids, target: system.targetOf(), system }
  }
  const subjects: Subject[] = []
  if (of.botyard) {
    const botyard = await start('botyard', of.botyard)
    const { pids, targetOf } = botyard.system
    subjects.push(botyard)
    if (options.stateful) subjects.push({ name: 'botyard, stateful', pids, target: targetOf('stateful') })
  }
  if (of.release) subjects.push(await start('release', of.release))
  if (of.recipe) subjects.push(await start('recipe', of.recipe))
  if (options.only.includes('grammy')) {
    const grammy = await start('grammy', it => startGrammy(it, generator.apiRoot))
    const { redis: _, ...pids } = grammy.pids
    subjects.push({ ...grammy, pids })
  }
  return subjects
}

function describe(run: AnswerRun): string {
  const { subject, fsync, load, round, answersPerSecond, answerP50Ms, answerP99Ms } = run
  const cpu = Object.values(mapProcesses(run.cpuMicros, Math.round)).join(' + ')
  return (
    `${fsync} ${load} round ${round} ${subject}: ${Math.round(answersPerSecond)}/s, CPU ${cpu} µs, ` +
    `answer p50 ${renderMs(answerP50Ms)}, p99 ${renderMs(answerP99Ms)}`
  )
}
