import type { ConversationKey } from '@botyard/queue-contracts'
import { type Entry, readEntry } from './entry.ts'
import type { Mail } from './mail.ts'

/** A conversation that this process holds: its mail read so far, and the handle to abort what runs on it. */
export class HeldConversation {
  readonly conversation: ConversationKey
  readonly shard: number
  readonly fence: string
  readonly startedAt = performance.now()
  readonly ended = Promise.withResolvers<void>()
  /** Entries popped since the claim. */
  position = 0
  readonly #mail: Entry[]
  #tries: number
  #crashesAlone: number
  #interrupted: boolean
  #controller = new AbortController()

  constructor(conversation: ConversationKey, shard: number, claimed: (Buffer | number)[]) {
    const [, fence, tries, , crashesAlone, died, ...entries] = claimed
    this.conversation = conversation
    this.shard = shard
    this.fence = String(fence)
    this.#tries = Number(tries)
    this.#crashesAlone = Number(crashesAlone)
    this.#interrupted = died === 1
    this.#mail = (entries as Buffer[]).map(readEntry)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
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

  abort(reason: Error): void {
    this.#controller.abort(reason)
  }
}
