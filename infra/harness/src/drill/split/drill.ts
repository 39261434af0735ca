import type { Drill } from '../drill.ts'
import { runSplit } from './run-split.ts'

/** `npm run drill -- split` */
export const splitDrill: Drill<'users' | 'writers' | 'seconds' | 'kills'> = {
  summary:
    "moves half of a shard's users to an empty server while they are written and read; admin apps that make the move are killed, and every counter is compared with what was acknowledged.",
  options: {
    users: { help: 'users on the two shards', default: 2_000, min: 10 },
    writers: { help: 'processes that write and read them', default: 3, min: 1 },
    seconds: { help: 'load before and after the move', default: 5, min: 0, fractions: true },
    kills: { help: 'admin apps killed in the midst of it', default: 1, min: 0 },
  },
  run: runSplit,
}
