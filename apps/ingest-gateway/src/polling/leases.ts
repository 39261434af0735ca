import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type BotId, busPrefix } from '@botyard/queue-contracts'
import type { Redis, Result } from 'ioredis'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    pollLease(key: string, process: string, ms: number): Result<number, Context>
  }
}

/** The right to poll for a bot: one gateway process has it at a time. */
export interface Leases {
  /** Takes the lease of a bot or keeps it; false if another process holds it. Rejects while Redis is away. */
  hold(bot: BotId): Promise<boolean>
  giveUp(bot: BotId): Promise<void>
}

/** How long a lease outlives its last renewal, in ms: a dead gateway's bots are taken over after that. */
export const leaseMs = 4_000

/** The leases of this process on `redis`, a client for commands. */
export function createLeases(redis: Redis): Leases {
  const process = randomBytes(9).toString('base64url')
  const lua = readFileSync(new URL('./lease.lua', import.meta.url), 'utf8')
  const isKnown: boolean = 'pollLease' in redis
  if (!isKnown) redis.defineCommand('pollLease', { numberOfKeys: 1, lua })
  const keyOf = (bot: BotId) => `${busPrefix}:poll:${bot}`
  return {
    hold: async bot => (await redis.pollLease(keyOf(bot), process, leaseMs)) === 1,
    async giveUp(bot) {
      await redis.pollLease(keyOf(bot), process, 0)
    },
  }
}
