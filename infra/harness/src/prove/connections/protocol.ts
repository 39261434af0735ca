/** What a client process is started with. */
export interface ClientPlan {
  readonly port: number
  /** The loopback address that it calls from: each has some 28,000 ports to one gateway. */
  readonly from: string
  readonly connections: number
  /** The number of its first chat; each connection is a chat of its own. */
  readonly firstChat: number
  readonly secret: string
}

/** What a client process is told to do next. */
export type ClientOrder =
  /** Calls on connections taken in turn, so many a second. */
  | { readonly do: 'flow'; readonly perSecond: number }
  /** One more call on every connection. */
  | { readonly do: 'visit' }
  | { readonly do: 'tell' }

/** What a client process says. */
export type ClientReport =
  | { readonly done: 'opened' | 'visited' }
  | { readonly done: 'told'; readonly counts: ClientCounts }

export interface ClientCounts {
  readonly open: number
  readonly answered: number
  /** By what went wrong. */
  readonly errors: Readonly<Record<string, number>>
  /** Of calls since the last look, in ms. */
  readonly times: readonly number[]
}
