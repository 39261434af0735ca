/**
 * One limit that a send must stay under, shared by all processes of a deployment. Names are the adapter's own
 * (`bot`, `chat:<id>`, …) and belong to one bot; they are hashed before they reach Redis.
 */
export type Limit =
  /**
   * At most `burst` at once and `count` in each `periodMs` for good (GCRA): any window of length T sees at
   * most burst + T × count / periodMs. `waits: false` is charged and never makes a send wait: replies that
   * take from what a broadcast may use.
   */
  | {
      readonly kind: 'rate'
      readonly name: string
      readonly count: number
      readonly periodMs: number
      readonly burst: number
      readonly waits: boolean
    }
  /** Learnt from the platform's answers (`LearnedWindow`); free until the first. */
  | { readonly kind: 'window'; readonly name: string }
  /**
   * Sends wait while `most` errors were charged to the name within `periodMs`; over all bots, as one address
   * sends for all.
   */
  | { readonly kind: 'errors'; readonly name: string; readonly max: number; readonly periodMs: number }
  /** Nothing of its own: the name that a `pauses` of a 429 may hit. */
  | { readonly kind: 'pause'; readonly name: string }
