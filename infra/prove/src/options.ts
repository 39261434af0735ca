import { parseArgs } from 'node:util'
import type { ChaosOptions } from './chaos/run-chaos.ts'

/** A command line that makes no sense, or asks for help; the message says what would make sense. */
export class UsageError extends Error {
  static readonly code = 'PRV_USAGE'
  readonly code = UsageError.code
}

const usage = `Usage: npm run prove -- [chaos] [options]

Kills and stops workers, gateways and Redis while updates come in, then checks that each
accepted update was settled once and in order, and that nothing is left over.

  --minutes <n>         how long the faults go on (10)
  --conversations <n>   conversations that talk meanwhile (300)
  --seed <n>            the faults of an earlier run, in their order

Exit code: 0 clean; 1 something was lost, doubled, out of order or left over; 2 could not run.`

/** Reads the command line, or throws a {@link UsageError} whose message ends with the usage. */
export function readOptions(args: readonly string[]): ChaosOptions {
  const { values, positionals } = parse(args)
  if (values.help) throw new UsageError(usage)
  const unknown = positionals.length > 1 ? positionals[1] : positionals.find(proof => proof !== 'chaos')
  if (unknown !== undefined) throw misused(`There is one proof: chaos. Not '${unknown}'`)
  const number = (name: 'minutes' | 'conversations' | 'seed', min: number, integer = true) => {
    const value = Number(values[name])
    if (values[name].trim() !== '' && value >= min && (!integer || Number.isSafeInteger(value))) return value
    throw misused(`--${name} takes ${integer ? 'a whole' : 'a'} number from ${min}, not '${values[name]}'`)
  }
  return {
    seconds: number('minutes', 0.01, false) * 60,
    conversations: number('conversations', 1),
    seed: number('seed', 0),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        minutes: { type: 'string', default: '10' },
        conversations: { type: 'string', default: '300' },
        seed: { type: 'string', default: String(Date.now() % 100_000) },
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
