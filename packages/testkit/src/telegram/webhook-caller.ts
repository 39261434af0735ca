import type { Update } from '@grammyjs/types'
import { Pool } from 'undici'
import { lifeSecondsOf, queueIdOf } from './queue-id.ts'
import { retryDelaySeconds } from './retry-delay.ts'
import { callWebhook, type WebhookOutcome, type WebhookTarget } from './webhook-call.ts'

/** One webhook call. */
export interface WebhookAttempt {
  readonly updateId: number
  /** 1 is the first. */
  readonly attempt: number
  readonly outcome: WebhookOutcome
  /** When the call began, by performance.now(). */
  readonly startedMs: number
  readonly tookMs: number
}

/** What became of an update: `gone` when its life ended or the caller was closed before a 2xx. */
export interface WebhookDelivery {
  readonly status: 'accepted' | 'gone'
  readonly attempts: readonly WebhookAttempt[]
}

/** How webhooks are called. */
export interface WebhookCallerOptions {
  /** The bot's webhook url. */
  url: string
  secretToken?: string
  /** Most calls at once, 1–100; Telegram's default is 40. */
  maxConnections?: number
  /** Factor on every delay and life, to test a day in a second; default 1. */
  timeScale?: number
  answerTimeoutMs?: number
  /** Asked once an update: true loses the answer of its first success, so that it is delivered a second time. */
  losesAnswer?: (update: Update) => boolean
  /** For the random cap of the back-off. */
  random?: () => number
  onAttempt?: (attempt: WebhookAttempt) => void
}

/** Telegram's side of a webhook: a queue per chat, one call at a time in each, many queues side by side, redelivery until a 2xx. */
export interface WebhookCaller {
  /** Puts an update at the end of its queue and waits for its end; never rejects. */
  deliver(update: Update): Promise<WebhookDelivery>
  /** Updates not at their end yet. */
  readonly pending: number
  /** Gives up what is pending and closes the connections. */
  close(): Promise<void>
}

interface Item {
  readonly update: Update
  readonly body: Buffer
  readonly diesAtMs: number
  readonly attempts: WebhookAttempt[]
  losesAnswer: boolean
  settle(status: WebhookDelivery['status']): void
}

/** Creates a caller; connections are opened as needed and kept alive. */
export function createWebhookCaller(options: WebhookCallerOptions): WebhookCaller {
  const { maxConnections = 40, timeScale = 1, answerTimeoutMs = 60_000, random = Math.random } = options
  const url = new URL(options.url)
  const pool = new Pool(url.origin, { connections: maxConnections, pipelining: 1, keepAliveTimeout: 60_000 })
  const target: WebhookTarget = {
    dispatcher: pool,
    path: url.pathname + url.search,
    answerTimeoutMs,
    headers: {
      'content-type': 'application/json',
      'accept-encoding': 'gzip, deflate',
      ...(options.secretToken === undefined ? {} : { 'x-telegram-bot-api-secret-token': options.secretToken }),
    },
  }

  const queues = new Map<string, Item[]>()
  const ready: string[][] = [[], []] // Two stacks make a queue: shifting a long array is slow.
  const timers = new Set<NodeJS.Timeout>()
  let calling = 0
  let pending = 0
  let closed = false

  const pump = () => {
    while (calling < maxConnections && !closed) {
      if (ready[1]!.length === 0) [ready[0], ready[1]] = [[], ready[0]!.reverse()]
      const queueId = ready[1]!.pop()
      if (queueId === undefined) return
      calling++
      void attempt(queueId, queues.get(queueId)![0]!)
    }
  }

  const attempt = async (queueId: string, item: Item) => {
    const startedMs = performance.now()
    const outcome = await callWebhook(target, item.body, item.losesAnswer)
    calling--
    const { attempts } = item
    const done = { updateId: item.update.update_id, attempt: attempts.length + 1, outcome, startedMs }
    attempts.push({ ...done, tookMs: performance.now() - startedMs })
    options.onAttempt?.(attempts.at(-1)!)
    if (closed) return

    if (outcome.kind === 'answer-lost') item.losesAnswer = false
    if (outcome.kind === 'answered' && outcome.status >= 200 && outcome.status <= 299) next(queueId, item, 'accepted')
    else retry(queueId, item, outcome)
    pump()
  }

  const retry = (queueId: string, item: Item, outcome: WebhookOutcome) => {
    const retryAfter = outcome.kind === 'answered' ? outcome.retryAfter : undefined
    const seconds = retryDelaySeconds(item.attempts.length, retryAfter, 60 + random() * 60)
    const delayMs = seconds * 1000 * timeScale
    if (performance.now() + delayMs > item.diesAtMs) return next(queueId, item, 'gone')
    if (delayMs === 0) return void ready[0]!.push(queueId)
    const timer = setTimeout(() => {
      timers.delete(timer)
      ready[0]!.push(queueId)
      pump()
    }, delayMs)
    timers.add(timer)
  }

  const next = (queueId: string, item: Item, status: WebhookDelivery['status']) => {
    const queue = queues.get(queueId)!
    queue.shift()
    if (queue.length > 0) ready[0]!.push(queueId)
    else queues.delete(queueId)
    pending--
    item.settle(status)
  }

  return {
    deliver: update =>
      new Promise(resolve => {
        const attempts: WebhookAttempt[] = []
        const settle = (status: WebhookDelivery['status']) => resolve({ status, attempts })
        if (closed) return settle('gone')
        const item: Item = {
          update,
          body: Buffer.from(JSON.stringify(update)),
          diesAtMs: performance.now() + lifeSecondsOf(update) * 1000 * timeScale,
          losesAnswer: options.losesAnswer?.(update) ?? false,
          attempts,
          settle,
        }
        pending++
        const queueId = queueIdOf(update)
        const queue = queues.get(queueId)
        if (queue !== undefined) return void queue.push(item)
        queues.set(queueId, [item])
        ready[0]!.push(queueId)
        pump()
      }),
    get pending() {
      return pending
    },
    async close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      await pool.destroy()
      for (const item of [...queues.values()].flat()) item.settle('gone')
      queues.clear()
      pending = 0
    },
  }
}
