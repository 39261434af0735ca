import { randomBytes } from 'node:crypto'
import {
  createTelegramSimulator,
  type WebhookAttempt,
  type WebhookCaller,
} from '@botyard/platform-simulators'
import type { Attempt, SimulatedPlatform } from '../platform.ts'
import { chatIdOf, chatOfId } from './chat-ids.ts'

/** Members of a group who speak. */
const speakers = 40
const firstSpeaker = 6_400_000_000

/**
 * Telegram: one call in flight per chat, 100 connections, redelivery until a 2xx; replies come by the Bot
 * API.
 */
export const telegram: SimulatedPlatform = {
  name: 'telegram',
  async start({ random, duplicateShare, onAttempt, onReply }) {
    const simulator = await createTelegramSimulator({
      token: `7${Math.floor(random() * 1e9)}:${randomBytes(26).toString('base64url')}`,
      webhookSecret: randomBytes(24).toString('base64url'),
      record: false,
      onSent: ({ chat, text }) => onReply(chatOfId(Number(chat)), text),
    })
    // Updates of which an accepted delivery went unnoticed: whatever is sent of them from then on is a
    // duplicate.
    const unnoticed = new Set<number>()
    let caller: WebhookCaller | undefined
    return {
      credentials: simulator.credentials,
      allowance: {},
      throttled: undefined,
      async connect({ webhookUrl }) {
        caller = await simulator.connect(webhookUrl, {
          maxConnections: 100,
          random,
          losesAnswer: () => random() < duplicateShare,
          onAttempt: attempt => onAttempt(read(attempt, unnoticed)),
        })
      },
      async send(chat, text) {
        if (caller === undefined) return 'gone'
        const id = chatIdOf(chat)
        const said =
          id > 0
            ? { chat: id, text }
            : { chat: id, text, from: firstSpeaker + Math.floor(random() * speakers) }
        const update = simulator.updates.message(said)
        const { status } = await caller.deliver(update)
        unnoticed.delete(update.update_id)
        return status
      },
      close: () => simulator.close(),
    }
  },
}

function read({ updateId, outcome, tookMs }: WebhookAttempt, unnoticed: Set<number>): Attempt {
  const duplicate = unnoticed.has(updateId)
  if (outcome.kind === 'answer-lost') unnoticed.add(updateId)
  const retryAfter = outcome.kind === 'answered' ? outcome.retryAfter : undefined
  return {
    answer: outcome.kind === 'failed' ? outcome.reason : outcome.status,
    tookMs,
    duplicate,
    retryAfter,
  }
}
