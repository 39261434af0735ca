/** A reply: its entry for the outbox, and what it says in clear, for a sender in the same process. */
export interface Reply {
  /** Made by `newEntry`. */
  readonly entry: Buffer
  readonly content: unknown
}

/** What is to become of the update at the head of a conversation. */
export type Disposition =
  /** Done: pop it, and append its replies to the outbox in the same script. */
  | { readonly do: 'ack'; readonly replies?: readonly Reply[] }
  /** Not done: try again after `afterMs`; `counts` says whether it was a failed try. */
  | { readonly do: 'retry'; readonly afterMs: number; readonly counts: boolean }
  /** Not done, and nothing of this bot's box would be: the whole bot waits for `afterMs`. */
  | { readonly do: 'pause'; readonly afterMs: number }
  /** Given up: pop it into the dead letters; `reason` is a stable code for logs and metrics. */
  | { readonly do: 'dead'; readonly letter: Buffer; readonly reason: string }
  /**
   * Done, and the control database is to know: pop it, and put the record into the list that dead letters lie
   * in.
   */
  | { readonly do: 'record'; readonly record: Buffer }
  /** The conversation waits for an operator. */
  | { readonly do: 'park'; readonly reason: string }
  /** This build cannot handle it: hand it to another worker; parks when nobody could for `parkAfterMs`. */
  | { readonly do: 'back'; readonly afterMs: number; readonly parkAfterMs: number }
  /** Nobody can read it: pop it into the quarantine, so that what is behind it goes on. */
  | { readonly do: 'quarantine' }
  /** Nothing happened: let go. */
  | { readonly do: 'release' }
