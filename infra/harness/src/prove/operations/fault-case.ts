/** A fault that is made for real, on a system of its own. */
export interface FaultCase {
  readonly fault: string
  /** Mounts a disk of its own. */
  readonly needsRoot?: boolean
  /** What was seen, in a few words; rejects with what should not have been seen. */
  run(): Promise<string>
}

/** What became of a case. */
export interface FaultResult {
  readonly fault: string
  readonly seen: string
  readonly seconds: number
  readonly ok: boolean | 'left out'
}
