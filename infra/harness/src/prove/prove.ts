import type { Kind } from '../shared/scenario.ts'
import { attack } from './attack/scenario.ts'
import { broadcast } from './broadcast/scenario.ts'
import { cache } from './cache/scenario.ts'
import { chaos } from './chaos/scenario.ts'
import { compatibility } from './compatibility/scenario.ts'
import { connections } from './connections/scenario.ts'
import { containers } from './containers/scenario.ts'
import { cost } from './cost/scenario.ts'
import { dashboards } from './dashboards/scenario.ts'
import { deploy } from './deploy/scenario.ts'
import { ledger } from './ledger/scenario.ts'
import { operations } from './operations/scenario.ts'
import { pm2 } from './pm2/scenario.ts'
import { scaleOut } from './scale-out/scenario.ts'
import { soak } from './soak/scenario.ts'
import { spike } from './spike/scenario.ts'

/** `npm run prove` */
export const prove: Kind = {
  name: 'prove',
  summary: 'Proofs: a part of Botyard under faults and load, and an account of what must hold all the same.',
  scenarios: {
    chaos,
    attack,
    broadcast,
    cache,
    compatibility,
    connections,
    containers,
    cost,
    dashboards,
    deploy,
    ledger,
    operations,
    pm2,
    'scale-out': scaleOut,
    soak,
    spike,
  },
  byDefault: 'chaos',
}
