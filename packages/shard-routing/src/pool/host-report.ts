/** What a look at a host found. */
export type HostReport =
  /** Not looked at yet. */
  | { readonly status: 'unknown' }
  | { readonly status: 'away'; readonly error: unknown }
  | {
      readonly status: 'standby' | 'writable'
      /** Grows by one with each promotion. */
      readonly timeline: number
      /** Which cluster it is: the same for a primary and its standbys, another for every initdb. Decimal. */
      readonly system: string
    }
