import { type BoxName, partitionTag } from '@botyard/queue-contracts'
import { Worker } from 'bullmq'
import { type Redis, ReplyError } from 'ioredis'
import type { Places } from '../drain/places.ts'
import { isInTime } from '../redis/is-in-time.ts'
import { partitionRedis } from '../redis/partition-redis.ts'
import type { Turns } from '../turns/turns.ts'
import { type Tokens, tokenQueue } from './tokens.ts'

/** How tokens are taken. */
export interface TokenWorkersOptions {
  readonly box: BoxName
  readonly partitions: number
  /** Whose tokens are taken. */
  readonly groups: readonly string[]
  readonly redis: Redis
  readonly places: Places
  readonly turns: Pick<Turns, 'spend'>
  readonly tokens: Tokens
  readonly onTrouble: (error: unknown) => void
}

/** After a refusal by Redis, in ms. */
const restMs = 1000

/** How long a token waits for places here before another process may have it too, in ms. */
const patienceMs = 50

/**
 * Takes the tokens of a box. A process without places keeps its token until it has one, and adds another one
 * meanwhile, for a process that is idle: so it takes none that it cannot use, and none is lost. The same if
 * its last places are kept for other bots than those that have work; it looks for them by itself meanwhile.
 */
export function startTokenWorkers(options: TokenWorkersOptions): { close(): Promise<void> } {
  const { box, partitions, groups, redis, places, turns, tokens, onTrouble } = options

  async function onToken(partition: number, group: string): Promise<void> {
    if (places.free <= 0 && !places.isClosed) {
      const isFree = places.whenFree()
      if (!(await isInTime(isFree, patienceMs))) {
        await tokens.add(partition, box, group)
        await isFree
      }
    }
    if (places.isClosed) return tokens.add(partition, box, group)
    if (!(await turns.spend(partition, box, group))) return
    // Who takes nothing for now may do so for long: somebody else is to have it.
    if (places.isPaused) await tokens.add(partition, box, group)
    await places.whenRoom()
  }

  const resting = new Map<Worker, NodeJS.Timeout>()
  /** What Redis refuses, as when it is full, it would be asked again hundreds of times a second. */
  function rest(worker: Worker): void {
    if (resting.has(worker)) return
    const goOn = () => {
      resting.delete(worker)
      worker.resume().catch(onTrouble)
    }
    resting.set(worker, setTimeout(goOn, restMs))
    worker.pause(true).catch(onTrouble)
  }

  const lanes = Array.from({ length: partitions }, (_, partition) =>
    groups.map(group => ({ partition, group })),
  ).flat()
  const workers = lanes.map(({ partition, group }) => {
    const worker = new Worker(tokenQueue(box, group), () => onToken(partition, group), {
      connection: partitionRedis(redis, partition),
      prefix: partitionTag(partition),
      concurrency: 1,
      lockDuration: 15_000,
      stalledInterval: 5000,
      // A token that stalled too often would be gone with what it stands for, until the sweeper comes.
      maxStalledCount: 1_000_000_000,
      // A frozen idle worker swallows BullMQ's marker: others look again after this many seconds.
      drainDelay: 2,
      // It asks INFO, which a user of few rights may not, and then asks for ever.
      skipVersionCheck: true,
      streams: { events: { maxLen: 100 } },
    } as ConstructorParameters<typeof Worker>[2])
    // Never throws: it counts and logs.
    worker.on('error', error => {
      onTrouble(error)
      if (error instanceof ReplyError) rest(worker)
    })
    waitForFractions(worker).catch(onTrouble)
    return worker
  })

  return {
    async close() {
      for (const timer of resting.values()) clearTimeout(timer)
      await Promise.all(workers.map(worker => worker.close()))
    },
  }
}

/**
 * Has a worker wait for fractions of a second: without its look at the version BullMQ takes Redis for one of
 * 2018, that knows whole ones only, and a token that is due in 50 ms would wait for a second.
 */
async function waitForFractions(worker: Worker): Promise<void> {
  await worker.waitUntilReady()
  const { blockingConnection } = worker.getBackend() as unknown as {
    blockingConnection: { capabilities: object }
  }
  blockingConnection.capabilities = { canDoubleTimeout: true, canBlockFor1Ms: true }
}
