import { Counter, type Registry } from 'prom-client'

/** What was written: a profile, a value of `ctx.state`, or a step of `ctx.onceInDb`. */
export type Written = 'profile' | 'state' | 'step'

/**
 * `repeated`: an earlier run of the update had done it. `conflict`: somebody else was faster, so it was begun
 * anew.
 */
export type WriteOutcome = 'done' | 'repeated' | 'conflict'

/** Counts what handlers write through `ctx`. */
export type CountWrite = (what: Written, outcome: WriteOutcome) => void

/** Registers the metric of what bots remember. */
export function createDataMetrics(registry: Registry): CountWrite {
  const writes = new Counter({
    name: 'botyard_data_writes_total',
    help: 'Writes of handlers to profiles and state, and steps of ctx.onceInDb, by what became of them.',
    labelNames: ['what', 'outcome'],
    registers: [registry],
  })
  return (what, outcome) => writes.inc({ what, outcome })
}
