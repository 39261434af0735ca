import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type BotOrder, createTokens, steerBot } from '@botyard/mailbox'
import { createRedis } from '@botyard/service-kit'
import { pino } from 'pino'
import { type Percentiles, renderPercentiles } from '../../shared/statistics.ts'
import { waitWhileItMoves } from '../../shared/wait.ts'
import { type Generator, startGenerator } from '../load/start-generator.ts'
import { type BenchedSystem, unreachedLimit } from '../systems/benched-system.ts'
import { createBotyard } from '../systems/botyard-system.ts'
import { startOnOwnRedis } from '../systems/on-own-redis.ts'
import { type FloodName, floods } from './floods.ts'
import type { FairnessOptions } from './options.ts'

/** The quiet bot's times, from the webhook's call to the reply. */
export interface QuietTimes extends Percentiles {
  readonly replies: number
  /** Not answered even a minute after the last reply. */
  readonly missing: number
}

/** How the quiet bot fared beside a flood. */
export interface FairnessRun {
  readonly flood: FloodName
  readonly alone: QuietTimes
  readonly beside: QuietTimes
  /** The noisy bot's updates under way, when the quiet one's time began and when it ended. */
  readonly waiting: readonly [number, number]
}

/** The product's own, whatever the other benchmarks take. */
const workerConcurrency = 500
/** As many as it takes for the flood to stay high while it is answered. */
const floodConnections = 128
const quietConnections = 4
const quietChats = 50
const leadSeconds = 3
/** The share of the chats that must wait: some are always between reply and call. */
const fullShare = 0.99
/** A flood rises as long as it moves. */
const patienceMs = 15_000
/** Longer than anything here takes: the flood ends with its process. */
const floodSeconds = 3_600

/**
 * Times a quiet bot alone, then beside another one whose chats all wait, on one worker. What is answered
 * there is sent anew, so that as many go on waiting. Each flood has a system of its own under `directory`,
 * which is emptied first.
 */
export async function measureFairness(
  options: FairnessOptions,
  directory: string,
  progress: (line: string) => void,
): Promise<FairnessRun[]> {
  await rm(directory, { recursive: true, force: true })
  const runs: FairnessRun[] = []
  for (const flood of options.flood) runs.push(await measureFlood(flood, options, directory, progress))
  return runs
}

async function measureFlood(
  flood: FloodName,
  options: FairnessOptions,
  directory: string,
  progress: (line: string) => void,
): Promise<FairnessRun> {
  const { handlerMs, chats } = floods[flood]
  await using stack = new AsyncDisposableStack()
  const quiet = stack.adopt(await startGenerator(), it => it.close())
  const noisy = stack.adopt(await startGenerator(), it => it.close())
  const bots = [
    { handler: 'quiet', apiRoot: quiet.apiRoot },
    { handler: 'noisy', apiRoot: noisy.apiRoot },
  ]
  const botyard = stack.adopt(await createBotyard({ bots, folder: 'bench/fairness' }), it => it.close())
  const settings = { HANDLER_MS: String(handlerMs), WORKER_CONCURRENCY: String(workerConcurrency) }
  const profiles = options.profile ? join(directory, 'profiles') : undefined
  const place = { fsync: 'always', directory: join(directory, flood), profiles } as const
  const starting = startOnOwnRedis(it => botyard.start({ ...it, settings }), place)
  const system = stack.adopt(await starting, it => it.close())

  const alone = await timeQuiet(quiet, system, options)
  progress(`${flood}: alone ${renderPercentiles(alone)}`)
  const target = system.targetOf('noisy')
  // A worker that is as quick as the intake would never let the flood rise.
  await steerNoisy(system.redisUrl, { do: 'pause', untilMs: 0 })
  const flooding = noisy.run({
    ...{ target, chats, connections: floodConnections, shape: 'uniform', seconds: floodSeconds },
    replies: { maxUnderWay: chats, leadSeconds: 0, pids: {} },
  })
  const isDone = (waiting: number) => waiting >= chats * fullShare
  const { seen: before } = await waitWhileItMoves(() => noisy.underWay(), { isDone, patienceMs })
  await steerNoisy(system.redisUrl, { do: 'resume' })
  progress(`${flood}: ${before} updates of the noisy bot wait`)
  const beside = await Promise.race([timeQuiet(quiet, system, options), flooding.then(endedEarly)])
  const after = await noisy.underWay()
  progress(`${flood}: beside them ${renderPercentiles(beside)}`)
  flooding.catch(() => {}) // It is ended in its middle.
  return { flood, alone, beside, waiting: [before, after] }
}

/** Tells the queue what holds for the noisy bot, as the worker does. */
async function steerNoisy(url: string, order: BotOrder): Promise<void> {
  const redis = createRedis({ url, logger: pino({ enabled: false }), name: 'fairness', role: 'worker' })
  const tokens = createTokens({ redis, partitions: 1 })
  try {
    await steerBot({ redis, partitions: 1, tokens }, 'inbox', 'noisy', order)
  } finally {
    await tokens.close()
    redis.disconnect()
  }
}

async function timeQuiet(
  quiet: Generator,
  system: BenchedSystem,
  options: FairnessOptions,
): Promise<QuietTimes> {
  const { rate: perSecond, seconds } = options
  const { replies } = await quiet.run({
    ...{
      target: system.targetOf('quiet'),
      chats: quietChats,
      connections: quietConnections,
      shape: 'uniform',
    },
    ...{ perSecond, seconds: leadSeconds + seconds },
    replies: { maxUnderWay: unreachedLimit, leadSeconds, pids: {} },
  })
  const { count, p50Ms: p50, p99Ms: p99, maxMs: max, missing } = replies!
  return { replies: count, p50, p99, max, missing }
}

function endedEarly(): never {
  throw new Error('The flood ended before the quiet bot was timed')
}
