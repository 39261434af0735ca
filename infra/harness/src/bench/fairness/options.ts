import { choices, flag, number, type Values } from '../../shared/options.ts'
import { floodNames } from './floods.ts'

/** What the command line takes. */
export const options = {
  flood: choices(`how the noisy bot floods: ${floodNames.join(', ')} or all`, { of: floodNames, all: 'all' }),
  seconds: number('for how long the quiet bot is timed, alone and beside the flood', { default: 45 }),
  rate: number("the quiet bot's messages a second", { default: 1, min: 0.1, fractions: true }),
  within: number('how many times its p99 alone the p99 beside the flood may be', {
    default: 3,
    fractions: true,
  }),
  profile: flag("take processor profiles of gateway and worker, for Chrome's or VS Code's viewer"),
}

/** How the fairness benchmark is to run. */
export type FairnessOptions = Values<typeof options>
