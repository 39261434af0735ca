import type { AppName } from './plan.ts'

/** Where one instance stands. */
export type State =
  | 'untouched'
  | 'there already'
  | 'drained'
  | 'being replaced'
  | 'replaced, not ready yet'
  | 'ready, not admitted yet'
  | 'rolled'
  | 'rolled back'
  | 'out of service'

/** One instance in the report. */
export interface Standing {
  readonly app: AppName
  readonly name: string
  /** The release that it ran before; undefined if nobody could tell. */
  readonly previous: string
  state: State
}

/** A line for each instance. */
export function renderStandings(standings: readonly Standing[], release: string): string {
  return standings
    .map(({ app, name, previous, state }) => `  ${app} ${name}: ${previous} → ${release}: ${state}`)
    .join('\n')
}
