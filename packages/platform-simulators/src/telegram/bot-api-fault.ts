import { BotApiError } from './errors.ts'

/** What the simulated Bot API does to a call instead of simply answering it. */
export type BotApiFault =
  /** 429 with `retry_after` in seconds; nothing is sent. */
  | { kind: 'flood'; retryAfter: number }
  /** Another error, as 500 or 502; nothing is sent. */
  | { kind: 'error'; status: number; description?: string }
  /** 403: the user blocked the bot. */
  | { kind: 'forbidden' }
  /** 400: the group became a supergroup of another id. */
  | { kind: 'migrated'; to: number }
  /** The message is sent, the answer waits for the promise. */
  | { kind: 'slow'; until: Promise<unknown> }
  /** The connection is reset after the call was read; `sent` (true) says whether the message was. */
  | { kind: 'reset'; sent?: boolean }
  /** No answer ever; `sent` (true) says whether the message was. */
  | { kind: 'silent'; sent?: boolean }

/** The error answer of a fault, undefined for those that are none. */
export function errorOf(fault: BotApiFault): BotApiError | undefined {
  switch (fault.kind) {
    case 'flood':
      return new BotApiError(429, `Too Many Requests: retry after ${fault.retryAfter}`, {
        retry_after: fault.retryAfter,
      })
    case 'error':
      return new BotApiError(fault.status, fault.description ?? 'Internal Server Error')
    case 'forbidden':
      return new BotApiError(403, 'Forbidden: bot was blocked by the user')
    case 'migrated':
      return new BotApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: fault.to,
      })
    case 'slow':
    case 'reset':
    case 'silent':
      return undefined
  }
}

/** Which faults await the calls of which chat. */
export interface FaultPlan {
  /**
   * The next `times` (1) calls for the chat, or for any chat, get this fault; faults of one chat happen in
   * the order given.
   */
  add(chat: number | string | 'any', fault: BotApiFault, times?: number): void
  /** Takes the fault of this call, a chat's own before those of any chat. */
  take(chat: string | undefined): BotApiFault | undefined
  clear(): void
}

/** An empty plan. */
export function createFaultPlan(): FaultPlan {
  const plans = new Map<string, { fault: BotApiFault; left: number }[]>()
  return {
    add(chat, fault, times = 1) {
      const key = String(chat)
      plans.set(key, [...(plans.get(key) ?? []), { fault, left: times }])
    },
    take(chat) {
      for (const key of [chat, 'any']) {
        const plan = key === undefined ? undefined : plans.get(key)
        const first = plan?.[0]
        if (first === undefined) continue
        if (--first.left <= 0) plan!.shift()
        return first.fault
      }
      return undefined
    },
    clear: () => plans.clear(),
  }
}
