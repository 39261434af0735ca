import { type Counts, keyName, type TruthMessage, type Written } from './protocol.ts'

/** Compares what was read with what was acknowledged before the reads began. */
export class TruthLedger {
  readonly #written = new Map<number, Written[]>()
  /** By key and version: the read that began last, of all processes. */
  readonly #seen = new Map<number, Map<number, { beganAt: number; pid: number }>>()
  readonly #counts = new Map<number, Counts>()

  take({ pid, seen, written, counts }: TruthMessage): void {
    this.#counts.set(pid, counts)
    for (const write of written)
      this.#written.set(write.key, [...(this.#written.get(write.key) ?? []), write])
    for (const { key, version, beganAt } of seen) {
      const versions = this.#seen.get(key) ?? new Map<number, { beganAt: number; pid: number }>()
      this.#seen.set(key, versions)
      const last = versions.get(version)
      if (last === undefined || last.beganAt < beganAt) versions.set(version, { beganAt, pid })
    }
  }

  /** The sums over all processes that ever ran. */
  counts(): Counts {
    const sums: Counts = {}
    for (const counts of this.#counts.values()) {
      for (const [name, n] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + n
    }
    return sums
  }

  /**
   * One sentence for each version that was read by a read that began after a later one had been acknowledged.
   */
  problems(): string[] {
    return [...this.#seen].flatMap(([key, versions]) => {
      const writes = (this.#written.get(key) ?? []).sort((a, b) => a.version - b.version)
      return [...versions].flatMap(([version, { beganAt, pid }]) => {
        const earliest = Math.min(
          ...writes.filter(write => write.version > version).map(write => write.acknowledgedAt),
        )
        if (earliest >= beganAt) return []
        const later = writes.find(write => write.version > version && write.acknowledgedAt === earliest)!
        const lateMs = (beganAt - earliest).toFixed(1)
        return [
          `${keyName(key)}: process ${pid} read ${version} by a read that began ${lateMs} ms after ${later.version} was acknowledged`,
        ]
      })
    })
  }
}
