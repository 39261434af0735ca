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

/** After so many crashes of its holders a conversation is suspect; the claim script has the same number. */
export const suspectCrashes = 2
