import type { ConversationKey } from '@botyard/queue-contracts'
import { type Entry, readEntry } from './entry.ts'
import { HandlerTimeoutError } from './errors.ts'
import type { Mail } from './mail.ts'
import type { ClaimAnswer } from './scripts.ts'

/** The claim script's limit, see `lua/claim.lua`. */
const suspectCrashes = 2

/**
 * A conversation that this process holds: its mail read so far, and the clock of what runs on it. One timer of the drain
 * looks at all of them (`tick`): a timer, a race and listeners for every handler cost more than a short handler does.
 */
export class HeldConversation {
  readonly conversation: ConversationKey
  readonly shard: number
  readonly fence: string
  /** Holders of its head died so often that it was claimed alone. */
  readonly isSuspect: boolean
  readonly startedAt = performance.now()
  readonly ended = Promise.withResolvers<void>()
  /** Entries popped since the claim. */
  position = 0
  readonly #mail: Entry[]
  #tries: number
  #crashesAlone: number
  #interrupted: boolean
  readonly #controller = new AbortController()
  #deadline = Number.POSITIVE_INFINITY
  #timeoutMs = 0
  #abandonAt = Number.POSITIVE_INFINITY
  #abandon: ((reason: Error) => void) | undefined

  constructor(conversation: ConversationKey, shard: number, claimed: ClaimAnswer) {
    const [, fence, trouble, ...entries] = claimed
    const [tries = 0, crashes = 0, crashesAlone = 0, died = 0] = Array.isArray(trouble) ? trouble : []
    this.conversation = conversation
    this.shard = shard
    this.fence = String(fence)
    this.#tries = tries
    this.isSuspect = crashes >= suspectCrashes
    this.#crashesAlone = crashesAlone
    this.#interrupted = died === 1
    this.#mail = (entries as Buffer[]).map(readEntry)
  }

  get unread(): number {
    return this.#mail.length
  }

  /** The next entry with what is known of its earlier tries. */
  nextMail(): Mail {
    const entry = this.#mail.shift()!
    return {
      ...entry,
      conversation: this.conversation,
      shard: this.shard,
      tries: this.#tries,
      crashesAlone: this.#crashesAlone,
      interrupted: this.#interrupted,
    }
  }

  /** The head was popped: the next entry starts with a clean record. */
  popped(entries: readonly Buffer[]): void {
    this.position++
    this.#tries = 0
    this.#crashesAlone = 0
    this.#interrupted = false
    for (const entry of entries) this.#mail.push(readEntry(entry))
  }

  /**
   * Runs a handler with the conversation's signal. Rejects with the signal's reason when the handler was aborted and did not
   * end within the grace: what it returns later is not waited for. A handler that ends in time has the last word, even
   * after an abort.
   */
  run<T>(timeoutMs: number, handler: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#timeoutMs = timeoutMs
    this.#deadline = performance.now() + timeoutMs
    return new Promise<T>((resolve, reject) => {
      this.#abandon = reject
      handler(this.#controller.signal).then(resolve, reject)
    }).finally(() => {
      this.#deadline = Number.POSITIVE_INFINITY
      this.#abandon = undefined
    })
  }

  /** Its signal was aborted: it must be let go after this entry, as the next one deserves a fresh signal. */
  get aborted(): boolean {
    return this.#controller.signal.aborted
  }

  abort(reason: Error): void {
    this.#controller.abort(reason)
  }

  /** Aborts a handler whose time is up, and goes on without one that ignores its abort for longer than the grace. */
  tick(now: number, graceMs: number): void {
    if (now >= this.#deadline) this.abort(new HandlerTimeoutError(this.#timeoutMs))
    if (!this.#controller.signal.aborted) return
    if (this.#abandonAt === Number.POSITIVE_INFINITY) this.#abandonAt = now + graceMs
    if (now >= this.#abandonAt) this.#abandon?.(this.#controller.signal.reason)
  }
}
