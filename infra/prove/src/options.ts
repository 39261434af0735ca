import { parseArgs } from 'node:util'
import type { BroadcastOptions } from './broadcast/run-broadcast.ts'
import type { ChaosOptions } from './chaos/run-chaos.ts'

/** A command line that makes no sense, or asks for help; the message says what would make sense. */
export class UsageError extends Error {
  static readonly code = 'PRV_USAGE'
  readonly code = UsageError.code
}

/** Which proof, and how large. */
export type Options =
  | { readonly proof: 'chaos'; readonly options: ChaosOptions }
  | { readonly proof: 'broadcast'; readonly options: BroadcastOptions }

const usage = `Usage: npm run prove -- [chaos|broadcast] [options]

chaos (the default) kills and stops workers, gateways and Redis while updates come in, then
checks that each accepted update was settled once and in order, and that nothing is left over.

  --minutes <n>         how long the faults go on (10)
  --conversations <n>   conversations that talk meanwhile (300)
  --seed <n>            the faults of an earlier run, in their order

broadcast has real workers tell many chats the same, while people talk with that bot and with
another, under a limit counted as Telegram counts; replies are timed before and during it.

  --recipients <n>      chats (100000)
  --limit <n>           messages a second that the platform permits the bot (1000)
  --updates <n>         updates a second that people write meanwhile (50)
  --workers <n>         worker processes (2)
  --quiet <n>           seconds that replies are timed before the broadcast (20)

Exit code: 0 clean; 1 something was lost, doubled, out of order, left over or over the limit;
2 could not run.`

const defaults = {
  chaos: { minutes: '10', conversations: '300', seed: () => String(Date.now() % 100_000) },
  broadcast: { recipients: '100000', limit: '1000', updates: '50', workers: '2', quiet: '20' },
} as const

type Name = keyof (typeof defaults)['chaos'] | keyof (typeof defaults)['broadcast']

/** Reads the command line, or throws a {@link UsageError} whose message ends with the usage. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args)
  if (values.help) throw new UsageError(usage)
  const [proof = 'chaos', extra] = positionals
  if (proof !== 'chaos' && proof !== 'broadcast') throw misused(`The proofs are chaos and broadcast. Not '${proof}'`)
  if (extra !== undefined) throw misused(`One proof at a time: ${proof}. Not '${extra}' too`)
  const foreign = Object.keys(values).find(name => name !== 'help' && !(name in defaults[proof]))
  if (foreign !== undefined) throw misused(`--${foreign} is no option of ${proof}`)

  const number = (name: Name, min: number, integer = true) => {
    const byDefault: string | (() => string) = { ...defaults.chaos, ...defaults.broadcast }[name]
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
  const options = {
    recipients: number('recipients', 1),
    limit: number('limit', 1),
    updates: number('updates', 1),
    workers: number('workers', 1),
    quietSeconds: number('quiet', 1),
  }
  return { proof, options }
}

function parse(args: readonly string[]) {
  const number = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ minutes: number, conversations: number, seed: number },
        ...{ recipients: number, limit: number, updates: number, workers: number, quiet: number },
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
