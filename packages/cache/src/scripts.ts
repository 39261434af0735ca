import { readFileSync } from 'node:fs'
import type { Redis, Result } from 'ioredis'

const names = ['read', 'fill', 'invalidate', 'put', 'renew', 'acknowledge', 'expel', 'leave'] as const

type Arg = string | number | Buffer

/** What a change is answered: see `change` in `lua/common.lua`. */
export type ChangeAnswer = [
  generation: string,
  number: number,
  settled: number,
  ...members: (string | number)[],
]

declare module 'ioredis' {
  interface RedisCommander<Context> {
    cacheReadBuffer(
      keys: number,
      ...args: Arg[]
    ): Result<[outcome: Buffer, first?: Buffer | number, ...rest: (Buffer | number)[]], Context>
    cacheFill(keys: number, ...args: Arg[]): Result<'stored' | 'there' | 'stale', Context>
    cacheInvalidate(keys: number, ...args: Arg[]): Result<ChangeAnswer, Context>
    cachePut(keys: number, ...args: Arg[]): Result<ChangeAnswer, Context>
    cacheRenew(
      keys: number,
      ...args: Arg[]
    ): Result<[generation: string, number: number, renewed: number, settled: number], Context>
    cacheAcknowledge(keys: number, ...args: Arg[]): Result<number, Context>
    cacheExpel(keys: number, ...args: Arg[]): Result<number, Context>
    cacheLeave(keys: number, ...args: Arg[]): Result<number, Context>
  }
}

function read(file: string): string {
  return readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), 'utf8')
}

const common = read('common')
const sources = names.map(name => ({
  command: `cache${name[0]!.toUpperCase()}${name.slice(1)}`,
  lua: `${common}\n${read(name)}`,
}))

/** Teaches a client the scripts of a cache (contracts: the heads of `lua/*.lua`); returns the same client. */
export function withCacheScripts(redis: Redis): Redis {
  for (const { command, lua } of sources) {
    if (!(command in redis)) redis.defineCommand(command, { lua })
  }
  return redis
}
