import type { MessagePort } from 'node:worker_threads'

/** What a thread is told: which module's function to call, with what. */
export interface ThreadCall {
  readonly name: string
  readonly url: string
  readonly input: unknown
  /** The span that the call belongs to. */
  readonly traceparent?: string | undefined
}

/** With the port on which the thread says, by a message, that the function begins: its module is loaded. */
export interface WatchedCall extends ThreadCall {
  readonly begun: MessagePort
}

/**
 * What it answers. Errors cross as their parts, because cloning would keep neither their class nor their
 * code.
 */
export type ThreadAnswer = { readonly result: unknown } | { readonly error: ThrownInThread }

/** An error of a thread, in what can be cloned. */
export interface ThrownInThread {
  readonly name: string
  readonly message: string
  readonly stack?: string
  readonly code?: string
}

/** Takes an error, or whatever else was thrown, apart. */
export function takeApart(thrown: unknown): ThrownInThread {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) }
  const { name, message, stack, code } = thrown as NodeJS.ErrnoException
  return { name, message, ...(stack !== undefined && { stack }), ...(typeof code === 'string' && { code }) }
}

/** An error with the name, message, stack and code of the one in the thread. */
export function putTogether({ message, ...parts }: ThrownInThread): Error {
  return Object.assign(new Error(message), parts)
}
