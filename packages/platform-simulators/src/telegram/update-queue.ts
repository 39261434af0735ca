import type { Update } from '@grammyjs/types'
import type { BotApiParameters } from './bot-api-parameters.ts'
import { BotApiError } from './errors.ts'

/**
 * Updates that wait to be fetched, as Telegram keeps them for getUpdates: until an offset above confirms
 * them. A second call ends one that waits, with 409, as the Bot API server does.
 */
export class UpdateQueue {
  readonly #updates: Update[] = []
  #waiting: { end(error?: BotApiError): void } | undefined

  get pending(): readonly Update[] {
    return this.#updates
  }

  add(update: Update): void {
    this.#updates.push(update)
    this.#waiting?.end()
  }

  /** The answer to getUpdates; waits up to `timeout` seconds while there is none. */
  async fetch({ offset, limit, timeout }: BotApiParameters): Promise<Update[]> {
    this.#waiting?.end(new BotApiError(409, 'Conflict: terminated by other getUpdates request'))
    const first = Number(offset ?? 0)
    while (this.#updates.length > 0 && this.#updates[0]!.update_id < first) this.#updates.shift()
    if (this.#updates.length === 0) await this.#wait(Number(timeout ?? 0) * 1000)
    return this.#updates.slice(0, Number(limit ?? 100))
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = {
        end: (error?: BotApiError) => {
          clearTimeout(timer)
          if (this.#waiting === waiting) this.#waiting = undefined
          if (error) reject(error)
          else resolve()
        },
      }
      const timer = setTimeout(waiting.end, ms)
      this.#waiting = waiting
    })
  }
}
