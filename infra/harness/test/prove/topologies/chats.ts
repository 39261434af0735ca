import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { until } from '@botyard/testkit'
import type { OperatedSystem, RunningApp } from '../../../src/prove/operations/system.ts'

/** People who write to a bot, each the next message when the last one was accepted. */
export interface Chats {
  /** How many messages have been accepted by now. */
  readonly accepted: number
  /** Calls that were refused, and sent again as a platform does. */
  readonly refused: number
  /** Ends the writing, and waits for the replies: all there, and each chat's in order. */
  end(): Promise<void>
}

const betweenMs = 20

/** Begins to write in so many chats. */
export function startChats(
  t: TestContext,
  system: OperatedSystem,
  gateway: RunningApp,
  chats: number,
): Chats {
  const sent = Array.from({ length: chats }, () => 0)
  let refused = 0
  let isOver = false
  // A test that fails in between, too.
  t.after(() => {
    isOver = true
  })
  const writers = sent.map(async (_, i) => {
    const chat = 1_000 + i
    for (let n = 1; !isOver; n++) {
      const updateId = chat * 100_000 + n
      while ((await system.say(gateway, textOf(chat, n), { chat, updateId })) !== 200) {
        if (isOver) return
        refused++
        await delay(betweenMs * 5)
      }
      sent[i] = n
      await delay(betweenMs)
    }
  })

  return {
    get accepted() {
      return sent.reduce((sum, n) => sum + n, 0)
    },
    get refused() {
      return refused
    },
    async end() {
      isOver = true
      await Promise.all(writers)
      for (const [i, last] of sent.entries()) {
        const chat = 1_000 + i
        const wanted = Array.from({ length: last }, (_, n) => textOf(chat, n + 1))
        await until(() => new Set(system.api.textsOf(chat)).size >= last)
        // A reply of which nobody knows whether it left may come twice; what came first is in order.
        const seen = [...new Set(system.api.textsOf(chat))]
        assert.deepEqual(seen.slice(0, last), wanted)
        // The next message may have been stored although its call was refused, and was not sent again.
        assert.deepEqual(
          seen.slice(last).filter(text => text !== textOf(chat, last + 1)),
          [],
        )
      }
    },
  }
}

const textOf = (chat: number, n: number) => `${chat}:${n}`
