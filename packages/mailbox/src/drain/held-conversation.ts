import { type BotId, botOf, type ConversationKey } from '@botyard/queue-contracts'
import { HandlerTimeoutError } from '../errors.ts'
import { type Entry, readEntry } from '../redis/entry.ts'
import type { Claimed, Trouble } from '../turns/claimed.ts'
import { suspectCrashes } from '../turns/suspects.ts'
import type { Mail } from './mail.ts'

/** An entry in hand; `content` is what it says in clear, if this process wrote it. */
export type EntryInHand = Entry & { readonly content?: unknown }

/** How a conversation came into hand. */
export interface HeldFrom {
  readonly conversation: ConversationKey
  readonly partition: number
  readonly fence: string
  readonly trouble?: Trouble | undefined
  /** The head and what is known to come after it. */
  readonly entries: readonly EntryInHand[]
  /** The accept time that the hold was written with. */
  readonly acceptedAtMs: number
}

/**
 * A conversation that this process holds: its mail read so far, and the clock of what runs on it. One timer
 * of the drain looks at all of them (`tick`): a timer, a race and listeners for every handler cost more than
 * a short handler does.
 */
export class HeldConversation {
  readonly conversation: ConversationKey
  readonly bot: BotId
  readonly partition: number
  readonly startedAt = performance.now()
  readonly ended = Promise.withResolvers<void>()
  readonly #fence: string
  /** Entries popped since the claim. */
  #position = 0
  #acceptedAtMs: number
  #trouble: Trouble | undefined
  readonly #mail: EntryInHand[]
  readonly #controller = new AbortController()
  #deadline = Number.POSITIVE_INFINITY
  #timeoutMs = 0
  #abandonAt = Number.POSITIVE_INFINITY
  #abandon: ((reason: Error) => void) | undefined
  /** What the outcome of the head is by now, whatever its handler returned. */
  #failure: Error | undefined
  /** The outcome of the head is on its way to Redis. */
  #isDecided = false

  constructor({ conversation, partition, fence, trouble, entries, acceptedAtMs }: HeldFrom) {
    this.conversation = conversation
    this.bot = botOf(conversation)
    this.partition = partition
    this.#fence = fence
    this.#trouble = trouble
    this.#mail = [...entries]
    this.#acceptedAtMs = acceptedAtMs
  }

  /** What Redis has of it while this process holds it. */
  get hold(): string {
    return `${this.#fence}:${this.#position}:${this.#acceptedAtMs}`
  }

  /** The fence that the outbox is held under for the replies of the current head. */
  get replyFence(): string {
    return `${this.#fence}-${this.#position}`
  }

  get position(): number {
    return this.#position
  }

  /** Holders of its head died so often that it was claimed alone. */
  get isSuspect(): boolean {
    return this.#trouble !== undefined && this.#trouble.crashes >= suspectCrashes
  }

  /** Something is known of the head. */
  get isTroubled(): boolean {
    return this.#trouble !== undefined
  }

  get unread(): number {
    return this.#mail.length
  }

  /** The next entry with what is known of its earlier tries. */
  nextMail(checkHold: () => void): Mail {
    this.#isDecided = false
    const position = this.#position
    return {
      ...this.#mail.shift()!,
      conversation: this.conversation,
      partition: this.partition,
      tries: this.#trouble?.tries ?? 0,
      crashesAlone: this.#trouble?.crashesAlone ?? 0,
      blamed: this.#trouble?.blamed ?? 0,
      interrupted: this.#trouble?.interrupted ?? false,
      checkHold,
      fail: error => this.#fail(position, error),
    }
  }

  #fail(position: number, error: Error): boolean {
    if (position !== this.#position || this.#isDecided) return false
    // After an abort its reason decides.
    if (!this.aborted) {
      this.#failure = error
      this.abort(error)
    }
    return true
  }

  /** What failed the head although its handler did not throw it. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** From now on nothing can fail the head any more. */
  decided(): void {
    this.#isDecided = true
  }

  /** The head was popped: the next entry starts with a clean record. */
  popped(entries: readonly Buffer[]): void {
    this.#position++
    this.#trouble = undefined
    for (const entry of entries) this.#mail.push(readEntry(entry))
    this.#acceptedAtMs = this.#mail[0]!.acceptedAtMs
  }

  /**
   * Runs a handler with the conversation's signal. Rejects with the signal's reason when the handler was
   * aborted and did not end within the grace: what it returns later is not waited for. A handler that ends in
   * time has the last word, even after an abort.
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

  /**
   * Aborts a handler whose time is up, and goes on without one that ignores its abort for longer than the
   * grace.
   */
  tick(now: number, graceMs: number): void {
    if (now >= this.#deadline) this.abort(new HandlerTimeoutError(this.#timeoutMs))
    if (!this.#controller.signal.aborted) return
    if (this.#abandonAt === Number.POSITIVE_INFINITY) this.#abandonAt = now + graceMs
    if (now >= this.#abandonAt) this.#abandon?.(this.#controller.signal.reason)
  }
}

/** What a claimed conversation begins with. */
export function heldFrom(claimed: Claimed, partition: number): HeldFrom {
  const head = readEntry(claimed.head)
  return { ...claimed, partition, entries: [head], acceptedAtMs: head.acceptedAtMs }
}
