import { parseArgs } from 'node:util'
import type { AttackOptions } from './attack/run-attack.ts'
import type { BroadcastOptions } from './broadcast/run-broadcast.ts'
import type { CacheOptions } from './cache/run-cache.ts'
import type { ChaosOptions } from './chaos/run-chaos.ts'
import type { OperationsOptions } from './operations/run-operations.ts'

/** A command line that makes no sense, or asks for help; the message says what would make sense. */
export class UsageError extends Error {
  static readonly code = 'PRV_USAGE'
  readonly code = UsageError.code
}

/** Which proof, and how large. */
export type Options =
  | { readonly proof: 'chaos'; readonly options: ChaosOptions }
  | { readonly proof: 'broadcast'; readonly options: BroadcastOptions }
  | { readonly proof: 'cache'; readonly options: CacheOptions }
  | { readonly proof: 'attack'; readonly options: AttackOptions }
  | { readonly proof: 'operations'; readonly options: OperationsOptions }

const usage = `Usage: npm run prove -- [chaos|broadcast|cache|attack|operations] [options]

chaos (the default) kills and stops workers, gateways and Redis while updates come in, then
checks that each accepted update was settled once and in order, and that nothing is left over.

  --minutes <n>         how long the faults go on (10)
  --conversations <n>   conversations that talk meanwhile (300)
  --seed <n>            the faults of an earlier run, in their order

broadcast has real workers tell many chats the same, while people talk with that bot and with
another, under a limit counted as Telegram counts; replies are timed before and during it.

  --recipients <n>      chats (100000)
  --limit <n>           messages a second that the platform permits the bot (300)
  --updates <n>         updates a second that people write to that bot meanwhile (25)
  --others <n>          and to the other one (25)
  --workers <n>         worker processes (2)
  --quiet <n>           seconds that replies are timed before the broadcast (20)

cache has processes read and write the same keys through one cache while they are stopped, killed
and blocked and its Redis is killed, stopped, emptied and cut off, then checks that no read that
began after a write was acknowledged returned an older value.

  --minutes <n>         how long the faults go on (10)
  --processes <n>       processes that read and write (4)
  --keys <n>            keys that they share (12)
  --seed <n>            the faults of an earlier run, in their order

attack has strangers call a gateway, unsigned and half-sent, as every platform, and then sends it genuine
bodies of 24 MB, while another bot's traffic is timed; in every second turn they call a decoy instead, so
that what they cost the machine is in both.

  --rate <n>            calls of strangers a second (50)
  --traffic <n>         updates a second of the other bot (150)
  --rounds <n>          turns of each attack, two seconds each (8)

operations makes the faults that operators report, each on a system of its own: half-open connections,
restarts, a demoted primary, full disks (as root only), missing rights, TLS. It ends with a table.

  --only <text>         the faults whose name holds this text

Exit code: 0 clean; 1 something was lost, doubled, out of order, left over, over the limit, old,
slow or large, or a fault was not lived through; 2 could not run.`

const someSeed = () => String(Date.now() % 100_000)

const defaults = {
  chaos: { minutes: '10', conversations: '300', seed: someSeed },
  broadcast: { recipients: '100000', limit: '300', updates: '25', others: '25', workers: '2', quiet: '20' },
  cache: { minutes: '10', processes: '4', keys: '12', seed: someSeed },
  attack: { rate: '50', traffic: '150', rounds: '8' },
  operations: { only: '' },
} as const

type Name = { [Proof in keyof typeof defaults]: keyof (typeof defaults)[Proof] }[keyof typeof defaults]

/** Reads the command line, or throws a {@link UsageError} whose message ends with the usage. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args)
  if (values.help) throw new UsageError(usage)
  const [proof = 'chaos', extra] = positionals
  if (!isProof(proof)) throw misused(`The proofs are ${Object.keys(defaults).join(', ')}. Not '${proof}'`)
  if (extra !== undefined) throw misused(`One proof at a time: ${proof}. Not '${extra}' too`)
  const foreign = Object.keys(values).find(name => name !== 'help' && !(name in defaults[proof]))
  if (foreign !== undefined) throw misused(`--${foreign} is no option of ${proof}`)

  const number = (name: Name, min: number, integer = true) => {
    const all = {
      ...defaults.chaos,
      ...defaults.broadcast,
      ...defaults.cache,
      ...defaults.attack,
      ...defaults.operations,
    }
    const byDefault: string | (() => string) = all[name]
    const text = values[name] ?? (typeof byDefault === 'string' ? byDefault : byDefault())
    const value = Number(text)
    if (text.trim() !== '' && value >= min && (!integer || Number.isSafeInteger(value))) return value
    throw misused(`--${name} takes ${integer ? 'a whole' : 'a'} number from ${min}, not '${text}'`)
  }
  if (proof === 'chaos') {
    const options = {
      seconds: number('minutes', 0.01, false) * 60,
      conversations: number('conversations', 1),
      seed: number('seed', 0),
    }
    return { proof, options }
  }
  if (proof === 'attack') {
    const options = {
      perSecond: number('rate', 1),
      updates: number('traffic', 1),
      seconds: 2,
      rounds: number('rounds', 1),
    }
    return { proof, options }
  }
  if (proof === 'cache') {
    const options = {
      seconds: number('minutes', 0.01, false) * 60,
      processes: number('processes', 1),
      keys: number('keys', 1),
      seed: number('seed', 0),
    }
    return { proof, options }
  }
  if (proof === 'operations') return { proof, options: { only: values.only ?? '' } }
  const options = {
    recipients: number('recipients', 1),
    limit: number('limit', 1),
    updates: number('updates', 0),
    others: number('others', 0),
    workers: number('workers', 1),
    quietSeconds: number('quiet', 1),
  }
  return { proof, options }
}

function isProof(name: string): name is keyof typeof defaults {
  return Object.hasOwn(defaults, name)
}

function parse(args: readonly string[]) {
  const number = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ minutes: number, conversations: number, seed: number },
        ...{ recipients: number, limit: number, updates: number, others: number, workers: number, quiet: number },
        ...{ processes: number, keys: number, rate: number, traffic: number, rounds: number, only: number },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (cause) {
    throw misused((cause as Error).message, cause)
  }
}

function misused(complaint: string, cause?: unknown): UsageError {
  return new UsageError(`${complaint}\n\n${usage}`, { cause })
}
