import { parseArgs } from 'node:util'
import { type FsyncPolicy, fsyncPolicies, type SystemName, systemNames } from './benched-system.ts'
import { type Shape, shapes } from './load/chat-sequence.ts'

/** How the ingest benchmark is to run. */
export interface IngestOptions {
  readonly seconds: number
  readonly warmupSeconds: number
  readonly rounds: number
  readonly connections: number
  readonly chats: number
  readonly shapes: readonly Shape[]
  readonly fsync: readonly FsyncPolicy[]
  readonly systems: readonly SystemName[]
  readonly profile: boolean
  readonly json: boolean
}

/** A command line that makes no sense; the message says what would. */
export class UsageError extends Error {}

export const usage = `Usage: npm run bench -- ingest [options]

  --seconds <n>       load of one run (2)
  --warmup <n>        load before the first, not counted (8)
  --rounds <n>        runs of each system, in turn (15)
  --connections <n>   requests under way at once (256)
  --chats <n>         conversations (20000)
  --shape <name>      ${shapes.join(', ')} or all (uniform)
  --fsync <policy>    ${fsyncPolicies.join(', ')} or both (both)
  --only <system>     ${systemNames.join(' or ')} alone
  --profile           take processor profiles of gateway and worker
  --json              print every figure as JSON`

/** Reads the command line after \`ingest\`, or throws a {@link UsageError}. */
export function readOptions(args: readonly string[]): IngestOptions {
  const { values } = parse(args)
  const number = (name: 'seconds' | 'warmup' | 'rounds' | 'connections' | 'chats') => {
    const value = Number(values[name])
    if (value > 0 && (Number.isInteger(value) || name === 'seconds' || name === 'warmup')) return value
    throw new UsageError(`--${name} takes a positive number, not '${values[name]}'`)
  }
  return {
    seconds: number('seconds'),
    warmupSeconds: number('warmup'),
    rounds: number('rounds'),
    connections: number('connections'),
    chats: number('chats'),
    shapes: choose('shape', values.shape, shapes, 'all'),
    fsync: choose('fsync', values.fsync, fsyncPolicies, 'both'),
    systems: choose('only', values.only ?? 'both', systemNames, 'both'),
    profile: values.profile,
    json: values.json,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string', default: '2' },
        warmup: { type: 'string', default: '8' },
        rounds: { type: 'string', default: '15' },
        connections: { type: 'string', default: '256' },
        chats: { type: 'string', default: '20000' },
        shape: { type: 'string', default: 'uniform' },
        fsync: { type: 'string', default: 'both' },
        only: { type: 'string' },
        profile: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause })
  }
}

function choose<T extends string>(name: string, value: string, choices: readonly T[], all: string): readonly T[] {
  if (value === all) return choices
  const chosen = choices.filter(choice => value.split(',').includes(choice))
  if (chosen.length > 0) return chosen
  throw new UsageError(`--${name} takes ${choices.join(', ')} or ${all}, not '${value}'`)
}
