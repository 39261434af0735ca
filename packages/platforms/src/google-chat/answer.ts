import type { BotSettings } from '@botyard/queue-contracts'
import type { CallAnswer, NormalisedUpdate } from '../adapter.ts'

const empty = { status: 200, body: '{}' }

/** Kinds that only the handler can answer: a dialog's next page, the items of a menu. */
const awaited = new Set(['modal', 'autocomplete'])

/** The same of an event: dialogs open, links get a preview and the home page its card by the answer alone. */
function isAwaited({ kind, event, route }: NormalisedUpdate): boolean {
  return (
    awaited.has(kind) || event === 'APP_HOME' || route?.dialog !== undefined || route?.preview !== undefined
  )
}

/**
 * An empty message says nothing; the handler's own is the answer if the bot wants that, for up to Chat's 30 s
 * of which ours is far less. Pub/Sub reads no answer.
 */
export function answerGoogleChat(
  updates: readonly NormalisedUpdate[],
  { defer }: Pick<BotSettings, 'defer'>,
): CallAnswer {
  const waits = updates.some(
    update => update.route?.pubsub === undefined && (defer === 'none' || isAwaited(update)),
  )
  return waits ? { wait: true, fallback: empty } : { now: empty }
}
