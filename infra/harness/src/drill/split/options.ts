import { number, type Values } from '../../shared/options.ts'

/** What the command line takes. */
export const options = {
  users: number('users on the two shards', { default: 2_000, min: 10 }),
  writers: number('processes that write and read them', { default: 3 }),
  seconds: number('load before and after the move', { default: 5, min: 0, fractions: true }),
  kills: number('admin apps killed in the midst of it', { default: 1, min: 0 }),
}

/** The size of a run. */
export type SplitOptions = Values<typeof options>
