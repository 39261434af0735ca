import type { Drill } from '../drill.ts'
import { runFailover } from './run-failover.ts'

/** `npm run drill -- failover` */
export const failoverDrill: Drill<'shards' | 'updates' | 'workers' | 'users' | 'seconds' | 'detect' | 'slowest'> = {
  summary:
    'kills one primary and freezes another while people write, promotes their standbys, and has the old primaries come back: nothing is lost or written twice.',
  options: {
    shards: { help: 'user shards, each a primary with a synchronous standby', default: 3, min: 2 },
    updates: { help: 'updates a second that people write, over all shards', default: 40, min: 1 },
    workers: { help: 'worker processes', default: 2, min: 1 },
    users: { help: 'users on each shard', default: 60, min: 1 },
    seconds: {
      help: 'how long people write before, between and after the faults',
      default: 10,
      min: 0,
      fractions: true,
    },
    detect: { help: 'seconds until the standby is promoted', default: 3, min: 0, fractions: true },
    slowest: {
      help: 'ms that the p99 of users of other shards may reach during a fault, or twice what it was before',
      default: 1_000,
      min: 1,
    },
  },
  run: runFailover,
}
