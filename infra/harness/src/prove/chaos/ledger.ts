import { botOf, type ConversationKey } from '@botyard/queue-contracts'
import { type ChaosUpdate, isPoison, quietBot, repliesOf, type WorkerNews } from './protocol.ts'

type Sent = NonNullable<WorkerNews['sent']>

/** An answer that took long; times are seconds since the start of the run. */
interface SlowAnswer {
  readonly update: string
  readonly acceptedAt: number
  readonly lastRunAt: number | undefined
  readonly sentAt: number
  readonly ableMs: number
}

const slowMs = 5_000
const slowestShown = 20

/** What was promised to the platform, and what it was sent. */
export class Ledger {
  /** Updates that were accepted and always fail. */
  readonly poison: ChaosUpdate[] = []
  /** The replies to what was accepted, in order. Hashes at each look would hold up the links of all. */
  readonly #expected = new Map<ConversationKey, string[]>()
  readonly #acceptedAt = new Map<string, { readonly at: number; readonly ableAt: number }>()
  /**
   * How long Redis and its replica could do all that is asked of them, in ms: what waits for those waits for
   * no fault of ours.
   */
  ableMs = 0
  readonly #sent = new Map<ConversationKey, Sent[]>()
  readonly #faults: { readonly name: string; readonly from: number; until: number }[] = []
  readonly #longestWaits = new Map<string, number>()
  #longestOfAll = 0
  readonly #ranAt = new Map<string, number>()
  readonly #slow: SlowAnswer[] = []
  readonly #startedAt = performance.now()
  acceptedCount = 0
  sentCount = 0
  markedCount = 0
  /** Replies sent again after newer ones of their conversation. */
  lateCount = 0

  /** Updates that were accepted and have no answer yet, of those that get one. */
  get openCount(): number {
    return this.#acceptedAt.size
  }

  /** A conversation's updates are accepted in order, each once. */
  accept({ conversation, n }: ChaosUpdate): void {
    this.acceptedCount++
    const expected = this.#expected.get(conversation) ?? []
    this.#expected.set(conversation, expected)
    if (isPoison({ conversation, n })) {
      this.poison.push({ conversation, n })
      return
    }
    const replies = repliesOf({ conversation, n })
    for (let reply = 0; reply < replies; reply++) expected.push(`${n}.${reply}`)
    // A delivery whose answer was lost is accepted once more, after the reply has been sent perhaps.
    const isOver = this.#sent.get(conversation)?.some(sent => sent.n === n)
    if (isOver || replies === 0) return
    this.#acceptedAt.set(`${conversation} ${n}`, { at: performance.now(), ableAt: this.ableMs })
  }

  /** A handler began with an update. */
  run({ conversation, n }: ChaosUpdate): void {
    this.#ranAt.set(`${conversation} ${n}`, performance.now())
  }

  send(sent: Sent): void {
    this.sentCount++
    if (sent.interrupted) this.markedCount++
    const all = this.#sent.get(sent.conversation) ?? []
    this.#sent.set(sent.conversation, all)
    if (all.some(before => isBefore(sent, before))) this.lateCount++
    all.push(sent)
    const name = `${sent.conversation} ${sent.n}`
    const since = this.#acceptedAt.get(name)
    this.#acceptedAt.delete(name)
    if (since !== undefined && botOf(sent.conversation) === quietBot) this.#noteWait(since, name)
    this.#ranAt.delete(name)
  }

  /** A fault begins; answers what is called at its end. */
  fault(name: string): () => void {
    const fault = { name, from: performance.now(), until: Number.POSITIVE_INFINITY }
    this.#faults.push(fault)
    return () => {
      fault.until = performance.now()
    }
  }

  /**
   * The longest that an update of the quiet bot waited for its answer, under each kind of fault (several may
   * go on at once).
   */
  get longestWaits(): Record<string, string> {
    const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
    return {
      'longest wait, outages of Redis included': inSeconds(this.#longestOfAll),
      ...Object.fromEntries(
        [...this.#longestWaits].map(([name, ms]) => [`longest wait: ${name}`, inSeconds(ms)]),
      ),
    }
  }

  /** When each fault began and ended, in seconds since the start. */
  get timeline(): string[] {
    return this.#faults.map(
      ({ name, from, until }) => `${this.#seconds(from)} to ${this.#seconds(until)}: ${name}`,
    )
  }

  /** The quiet bot's slowest answers. */
  get slowest(): SlowAnswer[] {
    return this.#slow.sort((a, b) => b.ableMs - a.ableMs).slice(0, slowestShown)
  }

  #seconds(at: number): number {
    return Math.round((at - this.#startedAt) / 100) / 10
  }

  #noteWait({ at, ableAt }: { at: number; ableAt: number }, name: string): void {
    const now = performance.now()
    const ableMs = this.ableMs - ableAt
    if (ableMs > slowMs) {
      const lastRunAt = this.#ranAt.get(name)
      const times = { acceptedAt: this.#seconds(at), sentAt: this.#seconds(now) }
      this.#slow.push({ update: name, ...times, lastRunAt: lastRunAt && this.#seconds(lastRunAt), ableMs })
    }
    const names = this.#faults.filter(({ from, until }) => from < now && until > at).map(fault => fault.name)
    for (const fault of names.length > 0 ? names : ['no fault']) {
      this.#longestWaits.set(fault, Math.max(this.#longestWaits.get(fault) ?? 0, ableMs))
    }
    this.#longestOfAll = Math.max(this.#longestOfAll, now - at)
  }

  /** One sentence for each conversation whose answers are not those of its accepted updates. */
  problems(): string[] {
    const problems: string[] = []
    for (const [conversation, expected] of this.#expected) {
      const words = wordsAbout(expected, this.#sent.get(conversation) ?? [])
      if (words.length > 0) problems.push(`${conversation}: ${words.join('; ')}`)
    }
    return problems
  }
}

/** Whether a reply comes before another one of its conversation. */
function isBefore(a: Sent, b: Sent): boolean {
  return a.n < b.n || (a.n === b.n && a.reply < b.reply)
}

function wordsAbout(expected: readonly string[], sent: readonly Sent[]): string[] {
  const times = new Map<string, { sent: number; marked: number }>()
  for (const { n, reply, interrupted } of sent) {
    const name = `${n}.${reply}`
    const before = times.get(name) ?? { sent: 0, marked: 0 }
    times.set(name, { sent: before.sent + 1, marked: before.marked + (interrupted ? 1 : 0) })
  }
  // In the order in which each was sent first.
  const firsts = [...times.keys()]
  const lost = expected.filter(name => !times.has(name))
  const asked = new Set(expected)
  const strange = firsts.filter(name => !asked.has(name))
  const doubled = [...times].flatMap(([name, { sent, marked }]) =>
    sent - 1 > marked ? [`${name} (${sent} times)`] : [],
  )
  const words: string[] = []
  if (lost.length > 0) words.push(`never answered ${lost}`)
  if (strange.length > 0) words.push(`answered ${strange}, which nobody asked`)
  if (doubled.length > 0) words.push(`sent again without a mark ${doubled}`)
  if (words.length === 0 && firsts.join() !== expected.join()) words.push(`out of order: ${firsts}`)
  return words
}
