import { defineScenario } from '../../shared/scenario.ts'
import { options } from './options.ts'
import { runFailover } from './run-failover.ts'

/** `npm run drill -- failover` */
export const failover = defineScenario({
  summary:
    'kills one primary and freezes another while people write, promotes their standbys, and has the old primaries come back.',
  clean: 'the ledger balances: nothing was lost or written twice.',
  options,
  run: (values, { say }) => runFailover(values, say),
})
