import type { DeliveryOutcome } from '@botyard/mailbox'
import type { Platform } from '@botyard/queue-contracts'
import { Counter, Histogram, type Registry } from 'prom-client'
import { createLastHeard, type LastHeard } from './last-heard.ts'

/** What can become of an update that arrived on a genuine call. */
export type IntakeOutcome = DeliveryOutcome | 'unavailable'

/**
 * The gateway's metrics. Label values are platforms, outcomes and error codes, and bots only where one must
 * be looked after: never chats or users.
 */
export interface GatewayMetrics extends LastHeard {
  /**
   * One update of a genuine call came to an end; `ageMs` is the time since the platform's own time of it, if
   * it has one.
   */
  received(platform: Platform, outcome: IntakeOutcome, ageMs: number | undefined): void
  /** An update's type of event is none that the platform's adapter knows. */
  unclassified(platform: Platform): void
  /** A call was answered 2xx, `ms` after its headers were read; by itself or with what the handler said. */
  acknowledged(platform: Platform, ms: number, answeredBy: 'gateway' | 'handler'): void
  /** A call was answered with an error. */
  refused(code: string): void
  /** A connection was closed at once, because there are too many of its address or of all. */
  connectionRefused(limit: 'address' | 'process'): void
  /** The platform was asked for a bot's updates. */
  polled(platform: Platform, outcome: 'ok' | 'failed' | 'refused'): void
}

/** Alerts are written on these. A series that begins at 1 has no increase for them to see. */
const watchedRefusals = [
  'GTW_BACKLOG_FULL',
  'GTW_BUSY',
  'GTW_INTERNAL',
  'GTW_OVERLOADED',
  'GTW_STORE_UNAVAILABLE',
]

/** Registers the gateway's metrics: `botyard_` names, seconds, `_total` for counters. */
export function createMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry]
  const received = new Counter({
    name: 'botyard_updates_received_total',
    help: 'Updates of genuine calls, by platform and outcome.',
    labelNames: ['platform', 'outcome'],
    registers,
  })
  const unclassified = new Counter({
    name: 'botyard_gateway_unclassified_updates_total',
    help: 'Updates of a type that the platform\'s adapter does not know: they became kind other. The label event is always "unknown", as names from outside are no labels; the log has each once.',
    labelNames: ['platform', 'event'],
    registers,
  })
  const age = new Histogram({
    name: 'botyard_update_age_at_accept_seconds',
    help: "Time from the platform's own time of an update to its acceptance; platforms give whole seconds.",
    labelNames: ['platform'],
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 300, 3600, 86_400],
    registers,
  })
  const ack = new Histogram({
    name: 'botyard_ack_seconds',
    help: 'Time from reading the headers of an accepted call to answering it.',
    labelNames: ['platform', 'answered_by'],
    // 0.2 is the bound of the alert and of the objective.
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2.5],
    registers,
  })
  const refusals = new Counter({
    name: 'botyard_webhook_refusals_total',
    help: 'Calls answered with an error, by its code.',
    labelNames: ['code'],
    registers,
  })
  for (const code of watchedRefusals) refusals.inc({ code }, 0)
  const connections = new Counter({
    name: 'botyard_connections_refused_total',
    help: 'Connections closed at once, because there were too many of one address or of the whole process.',
    labelNames: ['limit'],
    registers,
  })
  const polls = new Counter({
    name: 'botyard_polls_total',
    help: 'Times a platform was asked for the updates of a polled bot, by outcome: ok, failed, refused (the bot is not known there).',
    labelNames: ['platform', 'outcome'],
    registers,
  })

  return {
    ...createLastHeard(registry),
    received(platform, outcome, ageMs) {
      received.inc({ platform, outcome })
      if (ageMs !== undefined && ageMs >= 0) age.observe({ platform }, ageMs / 1000)
    },
    unclassified: platform => unclassified.inc({ platform, event: 'unknown' }),
    acknowledged: (platform, ms, answeredBy) => ack.observe({ platform, answered_by: answeredBy }, ms / 1000),
    refused: code => refusals.inc({ code }),
    connectionRefused: limit => connections.inc({ limit }),
    polled: (platform, outcome) => polls.inc({ platform, outcome }),
  }
}
