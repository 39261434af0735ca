import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { primariesOf } from './redis-cluster.ts'

/**
 * What of Redis' own settings decides whether an accepted update survives. `undefined`: the server would not
 * say.
 */
interface Settings {
  aofEnabled: boolean
  lastWriteFailed: boolean
  evictionPolicy: string | undefined
  appendfsync: string | undefined
}

/**
 * Reads from INFO and CONFIG whether Redis keeps what it is given; returns one sentence for each thing that
 * is wrong, saying what to do, and logs each as an error. CONFIG is often denied on managed services: then it
 * says what to check by hand. Throws what the commands throw when Redis is away.
 */
export async function checkRedisDurability(
  redis: Redis,
  { durability, logger }: { durability: 'strict' | 'relaxed'; logger: Logger },
): Promise<string[]> {
  const found = new Map<string, string>()
  for (const node of primariesOf(redis))
    for (const [code, problem] of faults(await readSettings(node), durability)) found.set(problem, code)
  for (const [problem, code] of found)
    logger.error({ code, durability, problem }, 'redis may lose accepted updates')
  return [...found.keys()]
}

/** A stable code, and the sentence. */
type Fault = readonly [code: string, problem: string]

function faults(settings: Settings, durability: 'strict' | 'relaxed'): Fault[] {
  const problems: Fault[] = []
  if (!settings.aofEnabled) {
    problems.push([
      'RDS_NO_FILE',
      'Redis keeps no append-only file and forgets everything when it stops: set "appendonly yes".',
    ])
  }
  if (settings.lastWriteFailed) {
    problems.push([
      'RDS_FILE_FAILS',
      'Redis failed to write its append-only file and refuses writes: look at its log and its disk.',
    ])
  }
  const { appendfsync, evictionPolicy } = settings
  if (settings.aofEnabled && appendfsync === undefined) {
    problems.push([
      'RDS_FSYNC',
      `Redis does not tell its appendfsync: see to it that it is ${durability === 'strict' ? '"always"' : '"always" or "everysec"'}.`,
    ])
  } else if (appendfsync === 'no') {
    problems.push([
      'RDS_FSYNC',
      'Redis leaves it to the system when to write its append-only file (appendfsync no): set "appendfsync always".',
    ])
  } else if (appendfsync === 'everysec' && durability === 'strict') {
    problems.push([
      'RDS_FSYNC',
      'Redis writes its append-only file once a second: set "appendfsync always", or DURABILITY=relaxed to live with the loss.',
    ])
  }
  if (evictionPolicy === undefined) {
    problems.push([
      'RDS_EVICTS',
      'Redis does not tell its maxmemory-policy: see to it that it is "noeviction".',
    ])
  } else if (evictionPolicy !== 'noeviction') {
    problems.push([
      'RDS_EVICTS',
      `Redis throws data away when its memory is full (maxmemory-policy ${evictionPolicy}): set "maxmemory-policy noeviction".`,
    ])
  }
  return problems
}

async function readSettings(redis: Redis): Promise<Settings> {
  const [persistence, memory, appendfsync] = await Promise.all([
    redis.info('persistence'),
    redis.info('memory'),
    redis.config('GET', 'appendfsync').then(reply => (reply as string[])[1], refusedAs(undefined)),
  ])
  return {
    aofEnabled: field(persistence, 'aof_enabled') === '1',
    lastWriteFailed: field(persistence, 'aof_last_write_status') === 'err',
    evictionPolicy: field(memory, 'maxmemory_policy'),
    appendfsync,
  }
}

/** A server that refuses the command is an answer; a server that is away is not. */
function refusedAs<T>(answer: T): (error: Error) => T {
  return error => {
    if (error.name === 'ReplyError') return answer
    throw error
  }
}

function field(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
}
