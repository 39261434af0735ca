import type { MailboxWriter } from '@botyard/mailbox'
import type { Logger } from 'pino'
import type { AcceptOutcome } from './call.ts'
import { StoreUnavailableError } from './errors.ts'
import type { GatewayMetrics, IntakeOutcome } from './metrics.ts'
import type { NoteUnclassified } from './note-unclassified.ts'
import type { SealedCall } from './seal-updates.ts'
import { withTimeout } from './with-timeout.ts'

/** What delivering needs. */
export interface DeliverDeps {
  readonly mailbox: Pick<MailboxWriter, 'deliver'>
  readonly metrics: GatewayMetrics
  readonly logger: Logger
  readonly noteUnclassified: NoteUnclassified
  /** How long the store may take before the call is given up, in ms; longer for a large body. */
  readonly timeoutMs: number
}

const mebibyte = 1024 * 1024
/** Added for each mebibyte of a body: GitHub's largest is given up after 8 s, and GitHub waits for 10. */
const msPerMebibyte = 250

/**
 * Last stage: hands the updates of one call to the mailbox, in the platform's order and in one turn of the
 * event loop, and says what became of the call. They stand or fall together: if one is not stored, the
 * platform sends all again, and those that were stored are duplicates then, with the same answer.
 */
export async function deliverUpdates(sealed: SealedCall, deps: DeliverDeps): Promise<AcceptOutcome> {
  const { call, deliveries, response } = sealed
  const { mailbox, timeoutMs } = deps
  const patienceMs = timeoutMs + Math.floor(call.request.body.length / mebibyte) * msPerMebibyte
  const stored = deliveries.map(delivery => mailbox.deliver(delivery).catch(unavailableOrThrow))
  const late = deliveries.map((): IntakeOutcome => 'unavailable')
  const outcomes = await withTimeout(patienceMs, Promise.all(stored), late)

  record(sealed, outcomes, deps)
  // The handler of a duplicate has run, or will run, for the first delivery: nobody answers this call.
  if (outcomes.some(outcome => !isStored(outcome)) || outcomes[0] === 'duplicate') response.expectNone()
  if (outcomes.includes('unavailable')) throw new StoreUnavailableError()
  if (outcomes.includes('backlog-full')) return { status: 'backlog-full' }
  const answer = await response.answer()
  const answeredBy = response.respond === undefined ? 'gateway' : 'handler'
  return { status: 'stored', answeredBy, ...(answer && { answer }) }
}

function record(
  { call, updates, names }: SealedCall,
  outcomes: readonly IntakeOutcome[],
  deps: DeliverDeps,
): void {
  const { adapter, bot, request } = call
  const { metrics, logger, noteUnclassified } = deps
  const acceptedAtMs = Date.now()
  // A worker logs each update; the gateway's line is for finding out what came of a call.
  const isDebugging = logger.isLevelEnabled('debug')
  for (const [i, { kind, event, sentAtMs }] of updates.entries()) {
    const outcome = outcomes[i]!
    const ageMs = isStored(outcome) && sentAtMs !== undefined ? acceptedAtMs - sentAtMs : undefined
    metrics.received(bot.platform, outcome, ageMs)
    if (outcome !== 'duplicate') noteUnclassified(adapter, event, metrics)
    if (!isDebugging || !isStored(outcome)) continue
    const { conversation, update } = names[i]!
    const ids = { bot: bot.id, update: update.toString('base64url'), conversation }
    logger.debug({ ...ids, kind, outcome, ms: acceptedAtMs - request.receivedAtMs }, 'update accepted')
  }
}

function isStored(outcome: IntakeOutcome): boolean {
  return outcome !== 'unavailable' && outcome !== 'backlog-full'
}

function unavailableOrThrow(error: { code?: unknown }): 'unavailable' {
  if (error.code === 'MBX_UNAVAILABLE') return 'unavailable'
  throw error
}
