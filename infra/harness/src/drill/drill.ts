import type { Kind } from '../shared/scenario.ts'
import { failover } from './failover/scenario.ts'
import { restore } from './restore/scenario.ts'
import { rotate } from './rotate/scenario.ts'
import { split } from './split/scenario.ts'

/** `npm run drill` */
export const drill: Kind = {
  name: 'drill',
  summary: 'Drills: what an operator will have to do one day, done under load on servers of its own.',
  scenarios: { failover, restore, rotate, split },
}
