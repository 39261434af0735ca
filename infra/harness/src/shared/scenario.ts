import type { Options, Values } from './options.ts'
import type { Report } from './report.ts'

/** What a scenario is given beside its options. */
export interface Context {
  /** Tells the person who waits what happens now. */
  say(line: string): void
  /** A folder for the logs and the data of this scenario alone; it need not exist. */
  readonly directory: string
  /** Aborted by the first Ctrl-C, in a scenario that `endsEarly`. */
  readonly signal: AbortSignal
}

/** One thing to measure, to prove, to practise or to simulate. */
export interface Scenario<O extends Options = Options> {
  /** What it does, for --help and for the first lines of a run: goes on after the scenario's name. */
  readonly summary: string
  /** What is true if it finds no problem: goes on after "CLEAN: ". */
  readonly clean: string
  readonly options: O
  /** More to know, for --help. */
  readonly notes?: string
  /** Ctrl-C ends it early, with a report; otherwise it ends it at once, without one. */
  readonly endsEarly?: boolean
  run(values: Values<O>, context: Context): Promise<Report>
}

/** Scenarios of one kind, which share a command: `npm run <name>`. */
export interface Kind {
  readonly name: string
  /** What scenarios of this kind do, for --help. */
  readonly summary: string
  readonly scenarios: Readonly<Record<string, Scenario>>
  /** The scenario that runs if none is named. */
  readonly byDefault?: string
}

/** Declares a scenario, whose `run` gets its own options. */
export function defineScenario<O extends Options>(scenario: Scenario<O>): Scenario {
  return scenario as unknown as Scenario
}
