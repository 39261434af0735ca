import { createHash } from 'node:crypto'

/**
 * A server keeps a named statement for as long as its connection lives: some kilobytes each, on every
 * connection.
 */
const maxNames = 500
/** Texts seen once are remembered up to here, then forgotten all at once: most of them never come again. */
const maxCandidates = 2_000

/**
 * Names for prepared statements. A text gets one when it comes a second time, so queries that are built anew
 * for each call (lists of another length) take no place; beyond the bound texts go unnamed, as without
 * prepared statements.
 */
export class PreparedNames {
  readonly #names = new Map<string, string>()
  #candidates = new Set<string>()
  #generation = 0

  nameOf(sql: string): string | undefined {
    const known = this.#names.get(sql)
    if (known !== undefined) return known
    if (!this.#candidates.has(sql)) {
      if (this.#candidates.size >= maxCandidates) this.#candidates = new Set()
      this.#candidates.add(sql)
      return undefined
    }
    if (this.#names.size >= maxNames) return undefined
    this.#candidates.delete(sql)
    const digest = createHash('sha256').update(sql).digest('hex').slice(0, 24)
    const name = `b${this.#generation}_${digest}`
    this.#names.set(sql, name)
    return name
  }

  /** A migration has changed the columns of a statement: all are prepared anew, under other names. */
  renew(): void {
    this.#generation++
    this.#names.clear()
  }
}
