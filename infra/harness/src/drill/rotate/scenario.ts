import { defineScenario } from '../../shared/scenario.ts'
import { options } from './options.ts'
import { runRotate } from './run-rotate.ts'

/** `npm run drill -- rotate` */
export const rotate = defineScenario({
  summary:
    'gives everything encrypted new keys while people talk; a gateway, workers and the admin app run on.',
  clean: 'the ledger balances: nothing was lost or unreadable, and no process was restarted.',
  options,
  run: (values, { say }) => runRotate(values, say),
})
