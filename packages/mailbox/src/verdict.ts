/** What is to become of the update at the head of a conversation. */
export type Verdict =
  /** Done: pop it, and append its replies (update hash and sealed payload each) to the outbox in the same script. */
  | { readonly do: 'ack'; readonly replies?: readonly Buffer[] }
  /** Not done: try again after `afterMs`; `counts` says whether it was a failed try. */
  | { readonly do: 'retry'; readonly afterMs: number; readonly counts: boolean }
  /** Given up: pop it into the dead letters; `reason` is a stable code for logs and metrics. */
  | { readonly do: 'dead'; readonly letter: Buffer; readonly reason: string }
  /** Done, and the control database is to know: pop it, and put the record into the list that dead letters lie in. */
  | { readonly do: 'record'; readonly record: Buffer }
  /** The conversation waits for an operator. */
  | { readonly do: 'park'; readonly reason: string }
  /** This build cannot handle it: hand it to another worker; parks when nobody could for `parkAfterMs`. */
  | { readonly do: 'back'; readonly afterMs: number; readonly parkAfterMs: number }
  /** Nothing happened: let go. */
  | { readonly do: 'release' }
