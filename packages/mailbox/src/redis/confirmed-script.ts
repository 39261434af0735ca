import { partitionTag } from '@botyard/queue-contracts/names'
import type { Redis } from 'ioredis'
import { type ScriptName, scriptText } from './scripts.ts'

/** What a script answered, and how many replicas have everything that it found or wrote. */
export interface Confirmed<T> {
  readonly answer: T
  readonly acknowledged: number
}

/** How long replicas may take, in ms. */
export interface ConfirmedScriptOptions {
  /** Keeps this connection to itself and sends nothing twice: see `ownConnection`. */
  readonly redis: Redis
  readonly partition: number
  readonly replicas: number
  readonly timeoutMs: number
  /** The script may write nothing: a write of our own comes after it. */
  readonly mark?: boolean
}

/**
 * A connection on which nothing is sent again by itself: what was under way when it broke fails, because the
 * next one may lead to another primary. Each primary is told the script before anything else: a batch that is
 * sent again because it was not known would come behind the next one.
 */
export function ownConnection(redis: Redis, script: ScriptName): Redis {
  const own = redis.duplicate({
    ...{ maxRetriesPerRequest: 0, enableOfflineQueue: false, autoResendUnfulfilledCommands: false },
  })
  own.on('error', () => undefined)
  const { lua } = scriptText(script)
  // Never throws. What cannot be told is sent whole: see `runConfirmed`.
  own.on('ready', () => void own.script('LOAD', lua).catch(() => undefined))
  return own
}

/**
 * Runs a script, and `WAIT` behind it on the same connection: the primary that ran it is the one whose
 * replicas answer. A WAIT on a connection that wrote nothing returns at once and proves nothing (measured: it
 * answered 1 with the replica frozen); so there is a write before it, by the script or by us. The script that
 * Redis does not know is sent again with a WAIT of its own: the first one came before anything was written.
 */
export async function runConfirmed<T>(
  name: ScriptName,
  args: readonly (string | number | Buffer)[],
  { redis, partition, replicas, timeoutMs, mark = false }: ConfirmedScriptOptions,
): Promise<Confirmed<T>> {
  const tag = partitionTag(partition)
  const { lua, sha } = scriptText(name)
  const run = async (command: 'evalsha' | 'eval', script: string) => {
    const [answer, , acknowledged] = await Promise.all([
      redis[command](script, 1, tag, ...args) as Promise<T>,
      mark && redis.set(`${tag}:replicated`, Date.now()),
      redis.wait(replicas, timeoutMs),
    ])
    return { answer, acknowledged }
  }
  try {
    return await run('evalsha', sha)
  } catch (error) {
    if (!(error as Error).message.startsWith('NOSCRIPT')) throw error
    return run('eval', lua)
  }
}
