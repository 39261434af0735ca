import type { BotSettings } from '@botyard/queue-contracts'
import type { CallAnswer, NormalisedUpdate } from '../adapter.ts'

const EMPTY = { status: 200, body: '{}' }

/** Kinds that only the handler can answer: a dialog's next page, the items of a menu. */
const awaited = new Set(['modal', 'autocomplete'])

/**
 * An empty message says nothing; the handler's own is the answer if the bot wants that, for up to Chat's 30 s of which
 * ours is far less. Pub/Sub reads no answer.
 */
export function answerGoogleChat(
  updates: readonly NormalisedUpdate[],
  { defer }: Pick<BotSettings, 'defer'>,
): CallAnswer {
  const waits = updates.some(
    ({ kind, route }) => route?.pubsub === undefined && (defer === 'none' || awaited.has(kind)),
  )
  return waits ? { wait: true, fallback: EMPTY } : { now: EMPTY }
}
