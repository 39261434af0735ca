import type { Update } from '@grammyjs/types'
import { createCaller } from '../simulator/caller.ts'
import type { WebhookOutcome } from '../simulator/webhook-call.ts'
import { lifeSecondsOf, queueIdOf } from './queue-id.ts'
import { retryDelaySeconds } from './retry-delay.ts'

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
  /**
   * Asked once an update: true loses the answer of its first success, so that it is delivered a second time.
   */
  losesAnswer?: (update: Update) => boolean
  /** For the random cap of the back-off. */
  random?: () => number
  onAttempt?: (attempt: WebhookAttempt) => void
}

/**
 * Telegram's side of a webhook: a queue per chat, one call at a time in each, many queues side by side,
 * redelivery until a 2xx.
 */
export interface WebhookCaller {
  /** Puts an update at the end of its queue and waits for its end; never rejects. */
  deliver(update: Update): Promise<WebhookDelivery>
  /** Updates not at their end yet. */
  readonly pending: number
  /** Gives up what is pending and closes the connections. */
  close(): Promise<void>
}

/** An update, and when Telegram gives it up. */
interface Waiting {
  readonly update: Update
  readonly body: Buffer
  readonly diesAtMs: number
}

/** Creates a caller; connections are opened as needed and kept alive. */
export function createWebhookCaller(options: WebhookCallerOptions): WebhookCaller {
  const {
    url,
    secretToken,
    maxConnections = 40,
    timeScale = 1,
    random = Math.random,
    onAttempt,
    losesAnswer,
  } = options
  const headers = {
    'content-type': 'application/json',
    'accept-encoding': 'gzip, deflate',
    ...(secretToken === undefined ? {} : { 'x-telegram-bot-api-secret-token': secretToken }),
  }
  const caller = createCaller<Waiting>({
    url,
    maxConnections,
    timeScale,
    ...(options.answerTimeoutMs !== undefined && { answerTimeoutMs: options.answerTimeoutMs }),
    queueOf: ({ update }) => queueIdOf(update),
    request: ([waiting]) => ({ headers, body: waiting!.body }),
    retryDelaySeconds(failures, outcome, [waiting]) {
      const retryAfter = outcome.kind === 'answered' ? outcome.retryAfter : undefined
      const seconds = retryDelaySeconds(failures, retryAfter, 60 + random() * 60)
      return performance.now() + seconds * 1000 * timeScale > waiting!.diesAtMs ? undefined : seconds
    },
    ...(losesAnswer && { losesAnswer: ({ update }) => losesAnswer(update) }),
    ...(onAttempt && { onAttempt: ({ events, ...attempt }) => onAttempt(named(events[0]!.update, attempt)) }),
  })
  return {
    async deliver(update) {
      const diesAtMs = performance.now() + lifeSecondsOf(update) * 1000 * timeScale
      const { status, attempts } = await caller.deliver({
        update,
        body: Buffer.from(JSON.stringify(update)),
        diesAtMs,
      })
      return { status, attempts: attempts.map(attempt => named(update, attempt)) }
    },
    get pending() {
      return caller.pending
    },
    close: () => caller.close(),
  }
}

function named(update: Update, made: Omit<WebhookAttempt, 'updateId'>): WebhookAttempt {
  const { attempt, outcome, startedMs, tookMs } = made
  return { updateId: update.update_id, attempt, outcome, startedMs, tookMs }
}
