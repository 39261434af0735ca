import type { Disposition, DrainOptions } from '@botyard/mailbox'
import { type BoxName, boxNames, type Platform, platformNames } from '@botyard/queue-contracts'
import type { Refusal } from '@botyard/send-limits'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/**
 * What became of an update that this worker had in hand: done; to be tried again after a failed try; given
 * up; waiting for an operator; left to a worker that can; let go without a failed try; unreadable; or decided
 * in vain, as another process holds it by now.
 */
type HandledOutcome =
  | 'quarantined'
  | 'ok'
  | 'failed'
  | 'dead'
  | 'parked'
  | 'handed_back'
  | 'released'
  | 'refused'

/** What the settle script answered, see `DrainOptions.onSettled`. */
type SettleStatus = Parameters<NonNullable<DrainOptions['onSettled']>>[2]

/** How one attempt to send ended. */
export type SentOutcome = 'sent' | 'limited' | 'retried' | 'failed' | 'uncertain'

/** The worker's metrics. Label values are platforms, outcomes, boxes and codes: never chats or users. */
export interface WorkerMetrics {
  started(platform: Platform, ageMs: number): void
  /** A handler ended, whatever came of it. */
  ran(platform: Platform, ms: number): void
  /** Once for each settle, with what was asked of it and what it answered. */
  settled(platform: Platform | undefined, disposition: Disposition, status: SettleStatus): void
  /** Without `ms`: no call was made. */
  sent(platform: Platform, outcome: SentOutcome, ms: number | undefined): void
  /** A message was not sent yet, as a limit of this kind did not permit it. */
  held(platform: Platform, by: Refusal['kind']): void
  /** From the gateway having the update to the platform having its reply. */
  replied(platform: Platform, ageMs: number): void
  /** A conversation was parked because bots answered each other. */
  replyLoop(platform: Platform | undefined): void
  /** An error escaped a bot's code: its update fails by it, or had ended before. */
  escapedError(outcome: 'charged' | 'late'): void
  deadLetter(box: BoxName, reason: string): void
  /** Conversations of dead processes that others may claim now. */
  takenOver(conversations: number): void
  lostToken(box: BoxName): void
  trouble(): void
  /** This worker takes no mail of a box though mail waits and places are free, or does again. */
  stalled(box: BoxName, isSo: boolean): void
}

/** 0.2 is the bound of the alert and of the objective: see docs/monitoring.md. */
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

/** Registers the worker's metrics: `botyard_` names, seconds, `_total` for counters. */
export function createMetrics(registry: Registry): WorkerMetrics {
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers })
  const histogram = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Histogram({ name, help, labelNames, buckets: seconds, registers })

  const handled = counter(
    'botyard_updates_handled_total',
    'Updates in hand, by what became of them once settled.',
    ['platform', 'outcome'],
  )
  const handlerTime = histogram('botyard_handler_seconds', 'Time in handlers.', ['platform'])
  const startAge = histogram(
    'botyard_update_age_at_start_seconds',
    'From receipt to the start of the handler.',
    ['platform'],
  )
  const replyAge = histogram(
    'botyard_update_age_at_reply_seconds',
    'From receipt of an update to its reply being sent.',
    ['platform'],
  )
  const sends = counter('botyard_sends_total', 'Attempts to send a reply, by outcome; limited is a 429.', [
    'platform',
    'outcome',
  ])
  const sendTime = histogram('botyard_send_seconds', "Time of a call to the platform's API.", ['platform'])
  const held = counter('botyard_sends_held_total', 'Messages that a shared limit put off, by its kind.', [
    'platform',
    'by',
  ])
  const loops = counter(
    'botyard_reply_loops_total',
    'Conversations parked because the bot and another one answered each other.',
    ['platform'],
  )
  // A series that begins at 1 has no increase for an alert to see.
  for (const platform of [...platformNames, 'unknown']) loops.inc({ platform }, 0)
  const escaped = counter(
    'botyard_escaped_errors_total',
    "Errors that escaped bots' code, by what came of them.",
    ['outcome'],
  )
  const dead = counter('botyard_dead_letters_total', 'Entries given up, by reason.', ['box', 'reason'])
  const takenOver = counter(
    'botyard_taken_over_conversations_total',
    'Conversations that a dead process held.',
    [],
  )
  const lostTokens = counter(
    'botyard_lost_tokens_total',
    'Tokens replaced because none was left in the queue.',
    ['box'],
  )
  const troubles = counter(
    'botyard_worker_troubles_total',
    'Errors that a repeat, a wake-up or the sweeper mends.',
    [],
  )

  const stalled = new Gauge({
    name: 'botyard_worker_stalled',
    help: '1 while mail of the box waits that this worker has places for and takes none of.',
    labelNames: ['box'],
    registers,
  })
  for (const box of boxNames) stalled.set({ box }, 0)

  return {
    started: (platform, ageMs) => startAge.observe({ platform }, ageMs / 1000),
    ran: (platform, ms) => handlerTime.observe({ platform }, ms / 1000),
    settled: (platform, disposition, status) =>
      handled.inc({ platform: platform ?? 'unknown', outcome: outcomeOf(disposition, status) }),
    sent(platform, outcome, ms) {
      sends.inc({ platform, outcome })
      if (ms !== undefined) sendTime.observe({ platform }, ms / 1000)
    },
    held: (platform, by) => held.inc({ platform, by }),
    replied: (platform, ageMs) => replyAge.observe({ platform }, ageMs / 1000),
    replyLoop: platform => loops.inc({ platform: platform ?? 'unknown' }),
    escapedError: outcome => escaped.inc({ outcome }),
    deadLetter: (box, reason) => dead.inc({ box, reason }),
    takenOver: conversations => takenOver.inc(conversations),
    lostToken: box => lostTokens.inc({ box }),
    trouble: () => troubles.inc(),
    stalled: (box, isSo) => stalled.set({ box }, isSo ? 1 : 0),
  }
}

/** The settle has the last word: a handler that returned after its hold was lost has done nothing. */
function outcomeOf(disposition: Disposition, status: SettleStatus): HandledOutcome {
  if (status === 'refused') return 'refused'
  if (status === 'parked') return 'parked'
  switch (disposition.do) {
    case 'ack':
    case 'record':
      return 'ok'
    case 'dead':
      return 'dead'
    case 'back':
      return 'handed_back'
    case 'park':
      return 'parked'
    case 'retry':
      return disposition.counts ? 'failed' : 'released'
    case 'pause':
    case 'release':
      return 'released'
    case 'quarantine':
      return 'quarantined'
  }
}
