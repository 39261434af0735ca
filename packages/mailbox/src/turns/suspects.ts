import type { ClaimResult } from './claimed.ts'

/**
 * One suspect at a time runs in a process, over all partitions and both boxes: only a crash in which nothing
 * else was suspect says which one is the cause.
 */
export class Suspects {
  #isTaken = false

  /**
   * Whether the next claim may bring a suspect; if so, {@link give} it back when it brought none, or it
   * ended.
   */
  take(): boolean {
    if (this.#isTaken) return false
    this.#isTaken = true
    return true
  }

  give(): void {
    this.#isTaken = false
  }
}

/** Whether a claim brought a suspect: it has the permit until it ends. */
export function bringsSuspect(result: ClaimResult | undefined): boolean {
  return result?.claimed.some(({ trouble }) => (trouble?.crashes ?? 0) >= suspectCrashes) ?? false
}

/** After so many crashes of its holders a conversation is suspect; the claim script has the same number. */
export const suspectCrashes = 2
