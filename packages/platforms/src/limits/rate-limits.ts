import type { LimitSettings } from '../adapter.ts'
import type { Limit } from './limit.ts'

/**
 * How much of an allowance is used, in percent: the rest is for the jitter of the network, which must provoke
 * no 429.
 */
const used = 96

/** A number of sends that a platform, or an operator, allows within each period. */
export interface Allowance {
  readonly max: number
  readonly periodMs: number
}

/**
 * The limit that keeps a name under an allowance, whichever window of a period the platform counts in: GCRA
 * admits burst + rate × period there, so the burst is what the rate of 96 % leaves, and 1 at least.
 */
export function rateUnder(name: string, { max, periodMs }: Allowance, waits: boolean): Limit {
  const count = (max * used) / 100
  return {
    kind: 'rate',
    name,
    count,
    periodMs,
    burst: Math.max(1, Math.floor(max) - Math.floor(count)),
    waits,
  }
}

/** What a limit is called, what the operator set, and what the platform allows by itself. */
export interface ChosenRate {
  readonly name: string
  readonly periodMs: number
  /** A bot's own number goes before the platform's; null is none. */
  readonly setting: LimitSettings[keyof LimitSettings]
  /** The platform's own number; undefined if it has none. */
  readonly own?: number
  /**
   * Whether the platform's own number makes this send wait; if not, the send is charged only, so that
   * broadcasts yield.
   */
  readonly waits: boolean
  /**
   * The platform's own number is for broadcasts: who sets a higher one (pays for it) does not mean replies,
   * which have none.
   */
  readonly broadcasts?: true
}

/** The operator's own limit, which every send waits for, or the platform's. */
export function rateChosen({ name, periodMs, setting, own, waits, broadcasts }: ChosenRate): Limit[] {
  if (setting === null) return []
  if (setting !== undefined) {
    const widensBroadcasts = broadcasts === true && own !== undefined && setting >= own
    return [rateUnder(name, { max: setting, periodMs }, waits || !widensBroadcasts)]
  }
  return own === undefined ? [] : [rateUnder(name, { max: own, periodMs }, waits)]
}
