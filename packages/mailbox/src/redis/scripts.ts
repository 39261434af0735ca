import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Redis, Result } from 'ioredis'

/** Each script, and the files that stand before it. All take one key: the base of a partition. */
const scripts = {
  deliver: ['common', 'lookout', 'places', 'seen', 'user-limits', 'backlog'],
  turn: ['common', 'lookout', 'places', 'operations', 'pop', 'dispositions', 'settle', 'pick', 'claim'],
  beat: ['common'],
  'take-over': ['common', 'lookout', 'places'],
  blame: ['common', 'lookout', 'places'],
  look: ['common', 'lookout', 'places'],
  holds: ['common'],
  'drop-holds': ['common', 'lookout', 'places'],
  confirm: ['common'],
  steer: ['common', 'lookout', 'places'],
  unpark: ['common', 'lookout', 'places'],
  revive: ['common', 'lookout', 'places'],
  oldest: ['common'],
  lock: [],
  'key-ids': [],
} as const

/**
 * What drains a full Redis must run on it: these may write although it is out of memory (Redis 7: a script's
 * flags). Only what takes mail in is refused.
 */
const allowOom = '#!lua flags=allow-oom\n'
const refusedWhenFull: readonly string[] = ['deliver', 'revive']

type Arg = string | number | Buffer

/**
 * What a turn answers about an operation: a code, for `held` with the next entries; see `lua/operations.lua`.
 */
export type SettleAnswer = number | [code: number, ...entries: Buffer[]]

/**
 * What a turn answers about a claim, see `lua/claim.lua`; if none was asked 0, or the groups for which to add
 * a token.
 */
export type ClaimAnswer =
  | 0
  | [addTokens: Buffer[]]
  | [
      left: number,
      dueInMs: number,
      addTokens: Buffer[],
      firstFence: number,
      lookoutMs: number,
      ...claimed: unknown[],
    ]

/** What deliver answers. */
export type DeliverAnswer = [addTokens: string[], tokenInMs: number, group: string, ...outcomes: number[]]

/** What unpark answers. */
export type UnparkAnswer = [answer: string, addTokens: string[], inboxTokens: string[]]

export type TurnAnswer = [settled: SettleAnswer[], inbox: ClaimAnswer, outbox: ClaimAnswer]

declare module 'ioredis' {
  interface RedisCommander<Context> {
    mailboxDeliver(partition: string, ...args: Arg[]): Result<DeliverAnswer, Context>
    mailboxTurnBuffer(partition: string, ...args: Arg[]): Result<TurnAnswer, Context>
    mailboxBeat(partition: string, ...args: Arg[]): Result<null, Context>
    mailboxTakeOver(partition: string, most: number): Result<number, Context>
    mailboxBlame(partition: string, process: string, ...update: (string | Buffer)[]): Result<number, Context>
    mailboxLook(partition: string, box: string, ...word: string[]): Result<string[], Context>
    mailboxHolds(partition: string, process: string): Result<[inbox: string[], outbox: string[]], Context>
    mailboxDropHolds(
      partition: string,
      process: string,
      box: string,
      ...args: string[]
    ): Result<number, Context>
    mailboxConfirm(partition: string, ...args: Arg[]): Result<(0 | 1)[], Context>
    mailboxSteer(partition: string, ...args: Arg[]): Result<string[], Context>
    mailboxUnpark(partition: string, ...args: Arg[]): Result<UnparkAnswer, Context>
    mailboxRevive(partition: string, ...args: Arg[]): Result<[revived: number, addTokens: string[]], Context>
    mailboxOldest(partition: string, box: string, bots: number, holds: number): Result<string[], Context>
    mailboxLock(partition: string, job: string, process: string, ms: number): Result<0 | 1, Context>
    mailboxKeyIds(
      list: string,
      ...args: Arg[]
    ): Result<[length: number, ...counts: (string | number)[]], Context>
  }
}

const read = (file: string) => readFileSync(new URL(`../lua/${file}.lua`, import.meta.url), 'utf8')

/** What the scripts are called. */
export type ScriptName = keyof typeof scripts

const commands = Object.entries(scripts).map(([name, before]) => ({
  name: name as ScriptName,
  command: `mailbox${name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}`,
  lua: (refusedWhenFull.includes(name) ? '' : allowOom) + [...before, name].map(read).join('\n'),
}))

/** Teaches a client the mailbox's scripts (contracts: the heads of `lua/*.lua`); returns the same client. */
export function withMailboxScripts(redis: Redis): Redis {
  for (const { command, lua } of commands) {
    if (!(command in redis)) redis.defineCommand(command, { numberOfKeys: 1, lua })
  }
  return redis
}

/** The text of a script, and the hash that Redis knows it by. */
export function scriptText(name: ScriptName): { lua: string; sha: string } {
  const { lua } = commands.find(command => command.name === name)!
  return { lua, sha: createHash('sha1').update(lua).digest('hex') }
}
