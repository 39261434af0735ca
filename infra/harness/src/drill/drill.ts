/** A number that a drill takes on the command line. */
export interface DrillOption {
  /** What it means, for --help; the default is added. */
  readonly help: string
  readonly default: number
  readonly min: number
  /** Fractions are taken too; whole numbers only unless said. */
  readonly fractions?: boolean
}

/** What a drill found. All of it is kept in the report. */
export interface DrillReport {
  /** The account of the run, a line each, in this order: what was counted, and how much of it. */
  readonly ledger: Readonly<Record<string, string | number>>
  /** Empty if nothing went wrong. */
  readonly problems: readonly string[]
  readonly [fact: string]: unknown
}

/** Something that an operator will have to do one day, done under load on servers of its own. */
export interface Drill<Name extends string = string> {
  /** What it does, for --help and for the first lines of a run. */
  readonly summary: string
  readonly options: Readonly<Record<Name, DrillOption>>
  run(options: Readonly<Record<Name, number>>, say: (line: string) => void): Promise<DrillReport>
}
