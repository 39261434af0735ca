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
}))

/**
 * Teaches a client the scripts of the limits (contracts: the heads of `lua/*.lua`); returns the same client.
 */
export function withLimitScripts(redis: Redis, clock = redisClock): Redis {
  for (const { command, lua } of sources) {
    if (!(command in redis)) redis.defineCommand(command, { numberOfKeys: 1, lua: `${clock}\n${lua}` })
  }
  return redis
}
