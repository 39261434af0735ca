import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { untilHandled } from '../ingest/measure.ts'
import { type Generator, startGenerator } from '../load/start-generator.ts'
import { type Botyard, createBotyard } from '../systems/botyard-system.ts'
import { startOnOwnRedis } from '../systems/on-own-redis.ts'
import { cpuMicros } from '../systems/process-cpu.ts'
import { letter } from './letter.ts'
import type { LoopDelay } from './loop-probe.ts'
import type { NlpOptions } from './options.ts'

/** The bots of bots/nlp, in the order they are compared: without computing, in threads, on the event loop. */
export const nlpBots = ['echo', 'support', 'inline'] as const

/** What one run measured. */
export interface NlpMeasurement {
  readonly bot: (typeof nlpBots)[number]
  readonly round: number
  readonly handled: number
  readonly refused: number
  /** Of the worker process's event loop, while the load lasted. */
  readonly loop: LoopDelay
  /** Processor time of the worker and its threads per message, ms. */
  readonly cpuMs: number
  /** From the last answer until all was handled, ms. */
  readonly drainMs: number
}

const probe = new URL('./loop-probe.ts', import.meta.url).href
const connections = 32
const chats = 2_000

/** Measures the bots in turn (A B C A B C …) under the same load; `progress` hears of each run. */
export async function measureNlp(
  options: NlpOptions,
  directory: string,
  progress: (line: string) => void,
): Promise<NlpMeasurement[]> {
  await rm(directory, { recursive: true, force: true })
  await using stack = new AsyncDisposableStack()
  const generator = stack.adopt(await startGenerator(), generator => generator.close())
  const bots = nlpBots.map(handler => ({ handler, apiRoot: generator.apiRoot }))
  const setup = { bots, folder: 'bench/nlp' }
  const botyard = stack.adopt(await createBotyard(setup), botyard => botyard.close())

  const runs: NlpMeasurement[] = []
  for (let round = 1; round <= options.rounds; round++) {
    for (const bot of nlpBots) {
      const run = await measureOne(
        { botyard, generator },
        bot,
        round,
        options,
        join(directory, `${bot}-${round}`),
      )
      const { p50, p99, max } = run.loop
      const delays = [p50, p99, max].map(ms => ms.toFixed(1)).join(' / ')
      progress(
        `round ${round} ${bot}: event-loop delay p50 / p99 / max ${delays} ms, CPU ${run.cpuMs.toFixed(2)} ms`,
      )
      runs.push(run)
    }
  }
  return runs
}

async function measureOne(
  { botyard, generator }: { botyard: Botyard; generator: Generator },
  bot: NlpMeasurement['bot'],
  round: number,
  { seconds, warmup, rate: perSecond }: NlpOptions,
  place: string,
): Promise<NlpMeasurement> {
  await using stack = new AsyncDisposableStack()
  const start = { fsync: 'everysec', directory: place, profiles: undefined } as const
  const system = stack.adopt(
    await startOnOwnRedis(options => botyard.start({ ...options, probe }), start),
    system => system.close(),
  )
  const order = {
    target: { ...system.targetOf(bot), text: letter },
    connections,
    chats,
    shape: 'uniform',
    perSecond,
  } as const

  const before = await untilHandled(system, (await generator.run({ ...order, seconds: warmup })).accepted)
  await system.ask('begin')
  const cpuBefore = cpuMicros(system.pids.worker!)
  const load = await generator.run({ ...order, seconds })
  const loop = (await system.ask('end')) as LoopDelay
  const answeredAt = performance.now()
  const handled = (await untilHandled(system, before + load.accepted)) - before
  const drainMs = performance.now() - answeredAt
  const cpuMs = (cpuMicros(system.pids.worker!) - cpuBefore) / 1000 / handled
  const refused = Object.values(load.refused).reduce((sum, count) => sum + count, 0)
  return { bot, round, handled, refused, loop, cpuMs, drainMs }
}
