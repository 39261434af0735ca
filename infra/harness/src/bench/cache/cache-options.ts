import { parseArgs } from 'node:util'
import { UsageError } from '../options.ts'

/** How the benchmark of caches is to run. */
export interface CacheBenchOptions {
  readonly rounds: number
  readonly hits: number
  readonly keys: number
  readonly json: boolean
}

export const cacheUsage = `Usage: npm run bench -- cache [options]

  --rounds <n>    runs of each cache, in turn (5)
  --hits <n>      looks into memory of one run (200000)
  --keys <n>      keys of one run, each missed, found in Redis and invalidated once (2000)
  --json          print every figure as JSON`

/** Reads the command line after `cache`, or throws a {@link UsageError}. */
export function readCacheOptions(args: readonly string[]): CacheBenchOptions {
  const values = parse(args)
  const number = (name: 'rounds' | 'hits' | 'keys') => {
    const value = Number(values[name])
    if (value > 0 && Number.isInteger(value)) return value
    throw new UsageError(`--${name} takes a positive number, not '${values[name]}'`)
  }
  return { rounds: number('rounds'), hits: number('hits'), keys: number('keys'), json: values.json }
}

function parse(args: readonly string[]) {
  try {
    const text = (value: string) => ({ type: 'string', default: value }) as const
    const options = { rounds: text('5'), hits: text('200000'), keys: text('2000') }
    return parseArgs({ args: [...args], options: { ...options, json: { type: 'boolean', default: false } } }).values
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause })
  }
}
