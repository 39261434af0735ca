import { number, type Values } from '../../shared/options.ts'

/** What the command line takes. */
export const options = {
  shards: number('user shards, each a primary with a synchronous standby', { default: 3, min: 2 }),
  updates: number('updates a second that people write, over all shards', { default: 40 }),
  workers: number('worker processes', { default: 2 }),
  users: number('users on each shard', { default: 60 }),
  seconds: number('how long people write before, between and after the faults', {
    ...{ default: 10, min: 0, fractions: true },
  }),
  detect: number('seconds from a fault to the promotion of the standby', {
    default: 3,
    min: 0,
    fractions: true,
  }),
  slowest: number(
    'ms that the p99 of users of other shards may reach during a fault, or twice what it was before',
    {
      default: 1_000,
    },
  ),
}

/** The size of a run. */
export type FailoverOptions = Values<typeof options>
