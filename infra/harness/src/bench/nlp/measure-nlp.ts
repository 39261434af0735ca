import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startRedis } from '@botyard/testkit'
import { startBotApi } from '../../shared/bot-api.ts'
import { botsFolder } from '../../shared/paths.ts'
import { untilHandled } from '../ingest/measure.ts'
import { startGenerator } from '../load/start-generator.ts'
import { type Botyard, createBotyard } from '../systems/botyard-system.ts'
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

const folder = botsFolder('bench/nlp')
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
  const api = stack.adopt(await startBotApi(() => undefined), api => api.close())
  const setup = { handlers: nlpBots, folder, apiRoot: api.url }
  const botyard = stack.adopt(await createBotyard(setup), botyard => botyard.close())

  const runs: NlpMeasurement[] = []
  for (let round = 1; round <= options.rounds; round++) {
    for (const bot of nlpBots) {
      const run = await measureOne(botyard, bot, round, options, join(directory, `${bot}-${round}`))
      const { p50, p99, max } = run.loop
      const delays = [p50, p99, max].map(ms => ms.toFixed(1)).join(' / ')
      progress(`round ${round} ${bot}: event-loop delay p50 / p99 / max ${delays} ms, CPU ${run.cpuMs.toFixed(2)} ms`)
      runs.push(run)
    }
  }
  return runs
}

async function measureOne(
  botyard: Botyard,
  bot: NlpMeasurement['bot'],
  round: number,
  { seconds, warmup, rate: perSecond }: NlpOptions,
  place: string,
): Promise<NlpMeasurement> {
  await mkdir(join(place, 'redis'), { recursive: true })
  await using stack = new AsyncDisposableStack()
  const redis = stack.adopt(await startRedis({ appendfsync: 'everysec', dir: join(place, 'redis') }), it => it.stop())
  const start = { redisUrl: redis.url, fsync: 'everysec', directory: place, profiles: undefined, bot, probe } as const
  const system = stack.adopt(await botyard.start(start), system => system.close())
  const plan = { ...system.target, text: letter, connections, chats, shape: 'uniform', perSecond } as const
  const generator = stack.adopt(startGenerator(plan), generator => generator.close())

  const before = await untilHandled(system, (await generator.run(warmup)).accepted)
  await system.ask('begin')
  const cpuBefore = await cpuMicros(system.pids.worker)
  const load = await generator.run(seconds)
  const loop = (await system.ask('end')) as LoopDelay
  const answeredAt = performance.now()
  const handled = (await untilHandled(system, before + load.accepted)) - before
  const drainMs = performance.now() - answeredAt
  const cpuMs = ((await cpuMicros(system.pids.worker)) - cpuBefore) / 1000 / handled
  const refused = Object.values(load.refused).reduce((sum, count) => sum + count, 0)
  return { bot, round, handled, refused, loop, cpuMs, drainMs }
}
