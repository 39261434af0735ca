import type { Drill } from './drill.ts'
import { failoverDrill } from './failover/drill.ts'
import { rotateDrill } from './rotate/drill.ts'
import { splitDrill } from './split/drill.ts'

/** Every drill, by the name that the command line knows it by. */
export const drills: Readonly<Record<string, Drill>> = {
  failover: failoverDrill,
  rotate: rotateDrill,
  split: splitDrill,
}
