import { readFileSync } from 'node:fs'
import type { Redis, Result } from 'ioredis'

const names = ['take', 'reserve', 'late', 'learn', 'pause', 'health', 'errors'] as const

type Arg = string | number

declare module 'ioredis' {
  interface RedisCommander<Context> {
    limitsTake(
      bot: string,
      ...args: Arg[]
    ): Result<[granted: number, ...answer: (string | number)[]], Context>
    limitsReserve(bot: string, ...args: Arg[]): Result<string[], Context>
    limitsLate(bot: string, ...args: Arg[]): Result<null, Context>
    limitsLearn(bot: string, ...args: Arg[]): Result<null, Context>
    limitsPause(bot: string, ...args: Arg[]): Result<null, Context>
    limitsHealth(bot: string, ...args: Arg[]): Result<[changed: number, afterMs: number], Context>
    limitsErrors(budget: string, ...args: Arg[]): Result<number, Context>
  }
}

function read(file: string): string {
  return readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), 'utf8')
}

const redisClock = read('clock')
const common = read('common')
const sources = names.map(name => ({
  command: `limits${name[0]!.toUpperCase()}${name.slice(1)}`,
  lua: name === 'errors' ? read(name) : `${common}\n${read(name)}`,
  // An error budget is one key.
  keys: name === 'errors' ? 1 : 2,
}))

/**
 * Teaches a client the scripts of the limits (contracts: the heads of `lua/*.lua`); returns the same client.
 */
export function withLimitScripts(redis: Redis, clock = redisClock): Redis {
  for (const { command, lua, keys } of sources) {
    if (command in redis) continue
    redis.defineCommand(command, { numberOfKeys: keys, lua: `${clock}\n${lua}` })
    if (keys === 2) nameBothKeys(redis, command)
  }
  return redis
}

/**
 * A script names its bot's base, which is no key itself, and with it all keys there are. While a cluster
 * moves a slot to another node, a key at a time, it would be run there with what has arrived by then, and
 * make anew what has not. Redis runs nothing of several keys, of which some are missing, in a slot that is
 * being moved; so each names a second one that never exists, and is refused until the slot is whole again.
 */
function nameBothKeys(redis: Redis, command: string): void {
  const commands = redis as unknown as Record<string, (...args: unknown[]) => unknown>
  const run = commands[command]!.bind(redis)
  commands[command] = (base, ...args) => run(base, `${base}:never-there`, ...args)
}
