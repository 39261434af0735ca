import { parseArgs } from 'node:util'
import { UsageError } from '../options.ts'

/** How the benchmark of the bot that computes is to run. */
export interface NlpOptions {
  readonly seconds: number
  readonly warmupSeconds: number
  readonly rounds: number
  readonly perSecond: number
  readonly json: boolean
}

export const nlpUsage = `Usage: npm run bench -- nlp [options]

  --seconds <n>   load of one run (10)
  --warmup <n>    load before it, not counted (4)
  --rounds <n>    runs of each bot, in turn (3)
  --rate <n>      messages a second (60)
  --json          print every figure as JSON`

/** Reads the command line after `nlp`, or throws a {@link UsageError}. */
export function readNlpOptions(args: readonly string[]): NlpOptions {
  const values = parse(args)
  const number = (name: 'seconds' | 'warmup' | 'rounds' | 'rate') => {
    const value = Number(values[name])
    if (value > 0 && (name !== 'rounds' || Number.isInteger(value))) return value
    throw new UsageError(`--${name} takes a positive number, not '${values[name]}'`)
  }
  return {
    seconds: number('seconds'),
    warmupSeconds: number('warmup'),
    rounds: number('rounds'),
    perSecond: number('rate'),
    json: values.json,
  }
}

function parse(args: readonly string[]) {
  try {
    const text = (value: string) => ({ type: 'string', default: value }) as const
    const options = { seconds: text('10'), warmup: text('4'), rounds: text('3'), rate: text('60') }
    return parseArgs({ args: [...args], options: { ...options, json: { type: 'boolean', default: false } } }).values
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause })
  }
}
