import { number, type Values } from '../../shared/options.ts'

/** What the command line takes. */
export const options = {
  rounds: number('runs of each cache, in turn', { default: 5 }),
  hits: number('looks into memory of one run', { default: 200_000 }),
  keys: number('keys of one run, each missed, found in Redis and invalidated once', { default: 2_000 }),
}

/** How the benchmark of caches is to run. */
export type CacheBenchOptions = Values<typeof options>
