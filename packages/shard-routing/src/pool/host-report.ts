/** The result of a look at a host. */
export type HostReport =
  /** No look has ended yet. */
  | { readonly status: 'unknown' }
  | { readonly status: 'away'; readonly error: unknown }
  | {
      readonly status: 'standby' | 'writable'
      /** Grows by one with each promotion. */
      readonly timeline: number
      /** Which cluster it is: the same for a primary and its standbys, another for every initdb. Decimal. */
      readonly system: string
    }
