import { number, type Values } from '../../shared/options.ts'

/** What the command line takes. */
export const options = {
  seconds: number('load of one run', { default: 10, min: 0.1, fractions: true }),
  warmup: number('seconds of load before it, not counted', { default: 4, min: 0.1, fractions: true }),
  rounds: number('runs of each bot, in turn', { default: 3 }),
  rate: number('messages a second', { default: 60, min: 0.1, fractions: true }),
}

/** How the benchmark of the bot that computes is to run. */
export type NlpOptions = Values<typeof options>
