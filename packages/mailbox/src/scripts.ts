import { readFileSync } from 'node:fs'
import type { Redis, Result } from 'ioredis'

const names = ['deliver', 'claim', 'settle', 'sweep', 'unpark', 'lost-holds', 'key-ids', 'beat', 'claimable'] as const
const keys: Record<(typeof names)[number], number> = {
  deliver: 2,
  claim: 2,
  settle: 3,
  sweep: 2,
  unpark: 2,
  'lost-holds': 2,
  'key-ids': 1,
  beat: 2,
  claimable: 2,
}

type Arg = string | number | Buffer

/** What the claim script answers about one conversation, see `lua/claim.lua`. */
export type ClaimAnswer = (Buffer | number | number[])[]

/** What the settle script answers about one operation, see `lua/settle.lua`. */
export type SettleAnswer = 0 | (Buffer | number)[]

declare module 'ioredis' {
  interface RedisCommander<Context> {
    mailboxDeliver(box: string, shard: string, ...args: Arg[]): Result<number[], Context>
    mailboxClaimBuffer(box: string, shard: string, ...args: Arg[]): Result<ClaimAnswer[], Context>
    mailboxSettleBuffer(box: string, shard: string, replyBox: string, ...args: Arg[]): Result<SettleAnswer[], Context>
    mailboxSweep(box: string, shard: string, ...args: Arg[]): Result<[more: number, ...names: string[]], Context>
    mailboxUnpark(box: string, shard: string, ...args: Arg[]): Result<string, Context>
    mailboxKeyIds(list: string, ...args: Arg[]): Result<[length: number, ...counts: (string | number)[]], Context>
    mailboxBeat(shard: string, again: string, process: string, lifeMs: number, spareMs: number): Result<null, Context>
    mailboxClaimable(box: string, shard: string, most: number): Result<0 | 1, Context>
    mailboxLostHolds(box: string, shard: string, ...args: Arg[]): Result<string[], Context>
  }
}

function read(file: string): string {
  return readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), 'utf8')
}

const common = read('common')
const sources = names.map(name => ({
  command: `mailbox${name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}`,
  numberOfKeys: keys[name],
  lua: `${common}\n${read(name)}`,
}))

/** Teaches a client the mailbox's scripts (contracts: the heads of `lua/*.lua`); returns the same client. */
export function withMailboxScripts(redis: Redis): Redis {
  for (const { command, numberOfKeys, lua } of sources) {
    if (!(command in redis)) redis.defineCommand(command, { numberOfKeys, lua })
  }
  return redis
}
