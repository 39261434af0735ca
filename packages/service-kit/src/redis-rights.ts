import { busPrefix, partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { connectionTo } from './redis-cluster.ts'

/** Commands of a script, with arguments after the key that do no harm to a key that is deleted again. */
const keyCommands = [
  ...[
    'get',
    'getrange 0 0',
    'getex',
    'set 1 PX 1000',
    'incr',
    'exists',
    'persist',
    'pexpire 1000',
    'pttl',
    'pexpireat 1',
  ],
  ...[
    'hset f 1',
    'hsetnx f 1',
    'hmset f 1',
    'hget f',
    'hmget f',
    'hgetall',
    'hkeys',
    'hvals',
    'hscan 0',
    'hexists f',
    'hincrby f 1',
    'hdel f',
  ],
  ...[
    'lpush x',
    'rpush x',
    'lindex 0',
    'llen',
    'lrange 0 0',
    'lrem 0 x',
    'ltrim 0 0',
    'lpop',
    'rpop',
    'rpoplpush $',
  ],
  ...['sadd m', 'sismember m', 'smembers', 'scard', 'srem m'],
  ...[
    'zadd 1 m',
    'zcard',
    'zcount 0 0',
    'zscore m',
    'zmscore m',
    'zrank m',
    'zrange 0 0',
    'zrevrange 0 0',
    'zrem m',
  ],
  ...['zrangebyscore 0 0', 'zrevrangebyscore 0 0', 'zremrangebyscore 0 0', 'zremrangebyrank 0 0', 'zpopmin'],
  ...['xadd * f v', 'xtrim MAXLEN 0', 'del'],
]

/** The same without a script. */
const plainCommands = [
  ...[
    'ping',
    'time',
    'scan 0 COUNT 1',
    'wait 0 1',
    'script EXISTS 0',
    'client SETNAME botyard-rights',
    'multi',
    'exec',
  ],
  ...[
    `bzpopmin ${partitionTag(0)}:rights 0.01`,
    `publish ${busPrefix}:rights -`,
    'eval return 0',
    `subscribe ${busPrefix}:rights`,
  ],
]

/** The same on a cluster. */
const clusterCommands = ['cluster SLOTS', 'cluster INFO', 'asking', 'readonly', 'readwrite']

/** Without these it runs, but says less of what is wrong, and caches in memory only. */
const wishedCommands = ['info server', 'config GET appendfsync']

const probe = `
local lacking = {}
for words in string.gmatch(ARGV[1], '[^\\n]+') do
  local command, args = nil, {}
  for word in string.gmatch(words, '%S+') do
    if not command then command = word elseif word == '$' then args[#args + 1] = KEYS[1] else args[#args + 1] = word end
  end
  local answer = redis.pcall(command, KEYS[1], unpack(args))
  if type(answer) == 'table' and answer.err then lacking[#lacking + 1] = command .. ' ' .. answer.err end
end
return lacking`

/** What the Redis user may not do; empty if nothing is missing. */
export interface MissingRights {
  readonly commands: readonly string[]
  readonly keys: readonly string[]
  readonly channels: readonly string[]
  /** Commands that are only wished for. */
  readonly wished: readonly string[]
}

/**
 * Tries every command, key prefix and channel that the apps need, on a connection of its own, and says what
 * is refused.
 */
export async function findMissingRights(redis: Redis): Promise<MissingRights> {
  // Of a cluster the nodes that have the keys: another one would only say where they are.
  const [partition, bus] = [partitionTag(0), busPrefix].map(key =>
    connectionTo(redis, `${key}:rights`).duplicate({
      ...{ enableReadyCheck: false, maxRetriesPerRequest: 0, enableOfflineQueue: true },
    }),
  ) as [Redis, Redis]
  try {
    const plain = redis.isCluster ? [...clusterCommands, ...plainCommands] : plainCommands
    const [needed, inScripts, wished] = [
      await tryAll(partition, plain),
      [
        // The scripts of a queue are given the queue's own name, too.
        ...(await tryKeys(partition, [partitionTag(0), `${partitionTag(0)}:rights`])),
        ...(await tryKeys(bus, [`${busPrefix}:rights`])),
      ],
      await tryAll(partition, wishedCommands),
    ]
    const refusals = [...needed, ...inScripts]
    const named = (kind: Refusal['kind']) =>
      [...new Set(refusals.filter(it => it.kind === kind).map(it => it.name))].sort()
    return {
      commands: named('command'),
      keys: named('key'),
      channels: named('channel'),
      wished: wished.map(({ name }) => name),
    }
  } finally {
    partition.disconnect()
    bus.disconnect()
  }
}

interface Refusal {
  readonly kind: 'command' | 'key' | 'channel'
  readonly name: string
}

async function tryAll(redis: Redis, commands: readonly string[]): Promise<Refusal[]> {
  const refusals: Refusal[] = []
  for (const words of commands) {
    const [command, ...args] = wordsOf(words)
    const error = await redis.call(command!, ...args).then(
      () => undefined,
      (error: Error) => error,
    )
    if (error !== undefined) refusals.push(...refusalOf(command!, error.message, args[0] ?? ''))
  }
  return refusals
}

/** A script is one word. */
function wordsOf(words: string): string[] {
  return words.startsWith('eval ') ? ['eval', words.slice(5), '0'] : words.split(' ')
}

async function tryKeys(redis: Redis, keys: readonly string[]): Promise<Refusal[]> {
  const refusals: Refusal[] = []
  for (const key of keys) {
    const answers = await redis
      .eval(probe, 1, key, keyCommands.join('\n'))
      .catch((error: Error) => [`eval ${error.message}`])
    for (const answer of answers as string[]) {
      const [, command, message] = /^(\S+) (.*)$/s.exec(answer) ?? []
      refusals.push(...refusalOf(command!, message!, key))
    }
  }
  return refusals
}

function refusalOf(command: string, message: string, subject: string): Refusal[] {
  // Redis 6 and 7, and within a script, say it each in their own way.
  if (!/NOPERM|ACL failure|executing the script can't/.test(message)) return []
  if (/access .*\bkeys?\b/.test(message)) return [{ kind: 'key', name: patternOf(subject) }]
  if (/channel/.test(message)) return [{ kind: 'channel', name: `${busPrefix}:*` }]
  return [{ kind: 'command', name: command }]
}

const patternOf = (subject: string) => (subject.startsWith(partitionTag(0)) ? '{p*}*' : `${busPrefix}:*`)
