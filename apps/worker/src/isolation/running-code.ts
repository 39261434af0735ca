import { AsyncLocalStorage } from 'node:async_hooks'
import type { BotId, ConversationKey } from '@botyard/queue-contracts'

/**
 * Whose code runs: an update's handler, with all that it started, or what a bot's file does by itself since
 * it was loaded.
 */
export interface RunningCode {
  readonly handler: string
  readonly bot?: BotId
  readonly conversation?: ConversationKey
  /** The update's keyed name. */
  readonly update?: string
  /** Has the update fail; false if it has ended already. */
  readonly fail?: (error: Error) => boolean
}

const context = new AsyncLocalStorage<RunningCode>()

/**
 * Runs something in a bot's name: what it starts is the bot's too, timers, events and promises that nobody
 * awaits included.
 */
export function runInNameOf<T>(code: RunningCode, run: () => T): T {
  return context.run(code, run)
}

/** Whose code runs at this moment; undefined if it is the worker's own. */
export function runningCode(): RunningCode | undefined {
  return context.getStore()
}

/** What may stand in a log of whose code it is. */
export function namesOf({ bot, handler, update, conversation }: RunningCode): Omit<RunningCode, 'fail'> {
  return {
    ...(bot !== undefined && { bot }),
    handler,
    ...(update !== undefined && { update }),
    ...(conversation !== undefined && { conversation }),
  }
}
