import type { Kind } from '../shared/scenario.ts'
import { traffic } from './traffic-scenario.ts'

/** `npm run simulate` */
export const simulate: Kind = {
  name: 'simulate',
  summary: 'Simulations: people on a platform who write to the bots of the running system (npm start).',
  scenarios: { traffic },
  byDefault: 'traffic',
}
