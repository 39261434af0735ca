import { Pool } from 'undici'
import {
  callWebhook,
  type WebhookAnswered,
  type WebhookOutcome,
  type WebhookRequestParts,
} from './webhook-call.ts'

/** One webhook call. */
export interface CallAttempt<Event> {
  /** What it carried: one event, or a batch. */
  readonly events: readonly Event[]
  /** 1 is the first. */
  readonly attempt: number
  readonly outcome: WebhookOutcome
  /** Whether the platform took the answer for a success. */
  readonly accepted: boolean
  /** Whether an earlier call had succeeded without the platform noticing. */
  readonly duplicate: boolean
  /** When the call began, by performance.now(). */
  readonly startedMs: number
  readonly tookMs: number
}

/** What became of an event: `gone` when the platform gave it up or the caller was closed before a success. */
export interface Delivery<Event> {
  readonly status: 'accepted' | 'gone'
  readonly attempts: readonly CallAttempt<Event>[]
}

/** How a platform calls webhooks. */
export interface CallerOptions<Event> {
  readonly url: string
  /** Most calls at once. */
  readonly maxConnections: number
  /** Factor on every delay, to test a day in a second; default 1. */
  readonly timeScale?: number
  readonly answerTimeoutMs?: number
  /** Events of one queue are delivered in order, one call at a time. */
  queueOf(event: Event): string
  /** What a call is; asked anew for every attempt, as time stamps and signatures are of their moment. */
  request(events: readonly Event[], attempt: number, last: WebhookOutcome | undefined): WebhookRequestParts
  /** Which 2xx are a success; default all. */
  accepts?(answer: WebhookAnswered, events: readonly Event[]): boolean
  /** Seconds until the same call is made again after `failures` (from 1) in a row; undefined gives it up. */
  retryDelaySeconds(failures: number, outcome: WebhookOutcome, events: readonly Event[]): number | undefined
  /** The most events of a call (1), and for how long they are gathered. */
  readonly batch?: { readonly max: number; readonly gatherMs: number }
  /**
   * Asked once an event: true loses the answer of its first success, so that it is delivered a second time.
   */
  losesAnswer?(event: Event): boolean
  onAttempt?(attempt: CallAttempt<Event>): void
}

/**
 * A platform's side of a webhook: a queue per conversation, one call at a time in each, many queues side by
 * side.
 */
export interface Caller<Event> {
  /** Puts an event at the end of its queue and waits for its end; never rejects. */
  deliver(event: Event): Promise<Delivery<Event>>
  /** Events not at their end yet. */
  readonly pending: number
  /** Gives up what is pending and closes the connections. */
  close(): Promise<void>
}

interface Item<Event> {
  readonly event: Event
  readonly queueId: string
  settle(delivery: Delivery<Event>): void
}

/** What one call carries, at every attempt the same. */
interface Unit<Event> {
  readonly items: readonly Item<Event>[]
  readonly events: readonly Event[]
  readonly attempts: CallAttempt<Event>[]
  losesAnswer: boolean
}

/** Creates a caller; connections are opened as needed and kept alive. */
export function createCaller<Event>(options: CallerOptions<Event>): Caller<Event> {
  const { maxConnections, timeScale = 1, answerTimeoutMs = 60_000, batch = { max: 1, gatherMs: 0 } } = options
  const url = new URL(options.url)
  const pool = new Pool(url.origin, { connections: maxConnections, pipelining: 1, keepAliveTimeout: 60_000 })
  const target = { dispatcher: pool, path: url.pathname + url.search, answerTimeoutMs }

  const queues = new Map<string, Item<Event>[]>()
  const ready: string[][] = [[], []] // Two stacks make a queue: shifting a long array is slow.
  const again: Unit<Event>[] = []
  const timers = new Set<NodeJS.Timeout>()
  let gathering = false
  let calling = 0
  let pending = 0
  let closed = false

  const after = (delayMs: number, then: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      then()
    }, delayMs)
    timers.add(timer)
  }

  const pump = () => {
    gathering = false
    while (calling < maxConnections && !closed) {
      const unit = again.shift() ?? nextUnit()
      if (unit === undefined) return
      calling++
      void attempt(unit)
    }
  }

  const nextUnit = (): Unit<Event> | undefined => {
    const items: Item<Event>[] = []
    while (items.length < batch.max) {
      if (ready[1]!.length === 0) [ready[0], ready[1]] = [[], ready[0]!.reverse()]
      const queueId = ready[1]!.pop()
      if (queueId === undefined) break
      items.push(...queues.get(queueId)!.slice(0, batch.max - items.length))
    }
    if (items.length === 0) return undefined
    const events = items.map(({ event }) => event)
    // Every event is asked, so that a seed gives the same answers whatever was gathered with what.
    const losesAnswer = events.map(event => options.losesAnswer?.(event) ?? false).includes(true)
    return { items, events, attempts: [], losesAnswer }
  }

  const attempt = async (unit: Unit<Event>) => {
    const { events, attempts } = unit
    const number = attempts.length + 1
    const request = options.request(events, number, attempts.at(-1)?.outcome)
    const startedMs = performance.now()
    const outcome = await callWebhook(target, request, unit.losesAnswer)
    calling--
    const accepted = isSuccess(outcome) && (options.accepts?.(outcome, events) ?? true)
    const duplicate = attempts.some(({ outcome: { kind } }) => kind === 'answer-lost')
    const tookMs = performance.now() - startedMs
    attempts.push({ events, attempt: number, outcome, accepted, duplicate, startedMs, tookMs })
    options.onAttempt?.(attempts.at(-1)!)
    if (closed) return

    if (outcome.kind === 'answer-lost') unit.losesAnswer = false
    if (accepted) finish(unit, 'accepted')
    else retry(unit, outcome)
    pump()
  }

  const retry = (unit: Unit<Event>, outcome: WebhookOutcome) => {
    const seconds = options.retryDelaySeconds(unit.attempts.length, outcome, unit.events)
    if (seconds === undefined) return finish(unit, 'gone')
    if (seconds === 0) return void again.push(unit)
    after(seconds * 1000 * timeScale, () => {
      again.push(unit)
      pump()
    })
  }

  const finish = ({ items, attempts }: Unit<Event>, status: Delivery<Event>['status']) => {
    for (const queueId of new Set(items.map(item => item.queueId))) {
      const queue = queues.get(queueId)!
      queue.splice(0, items.filter(item => item.queueId === queueId).length)
      if (queue.length > 0) ready[0]!.push(queueId)
      else queues.delete(queueId)
    }
    pending -= items.length
    for (const item of items) item.settle({ status, attempts })
  }

  return {
    deliver: event =>
      new Promise(settle => {
        if (closed) return settle({ status: 'gone', attempts: [] })
        pending++
        const queueId = options.queueOf(event)
        const queue = queues.get(queueId)
        if (queue !== undefined) return void queue.push({ event, queueId, settle })
        queues.set(queueId, [{ event, queueId, settle }])
        ready[0]!.push(queueId)
        if (batch.gatherMs === 0) pump()
        else if (!gathering) {
          gathering = true
          after(batch.gatherMs, pump)
        }
      }),
    get pending() {
      return pending
    },
    async close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      await pool.destroy()
      for (const item of [...queues.values()].flat()) item.settle({ status: 'gone', attempts: [] })
      queues.clear()
      pending = 0
    },
  }
}

function isSuccess(outcome: WebhookOutcome): outcome is WebhookAnswered {
  return outcome.kind === 'answered' && outcome.status >= 200 && outcome.status <= 299
}
