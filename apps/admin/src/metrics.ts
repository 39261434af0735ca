import type { Platform } from '@botyard/queue-contracts'
import { Counter, Histogram, type Registry } from 'prom-client'

/** The admin app's metrics. Label values are routes and states, never ids. */
export interface AdminMetrics {
  answered(method: string, route: string, status: number, ms: number): void
  /** A committed change of a bot, by whether every live instance had it in time. */
  announced(outcome: 'acknowledged' | 'unacknowledged' | 'unannounced'): void
  /** A platform was asked who a bot is. */
  identified(platform: Platform, outcome: 'known' | 'refused' | 'unreachable'): void
}

/** Registers the admin app's metrics: `botyard_` names, seconds, `_total` for counters. */
export function createMetrics(registry: Registry): AdminMetrics {
  const registers = [registry]
  const requests = new Histogram({
    name: 'botyard_admin_request_seconds',
    help: 'Time to answer a request of the admin API.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  })
  const announcements = new Counter({
    name: 'botyard_bot_changes_total',
    help: 'Changes of bots, by whether all gateways and workers acknowledged them in time.',
    labelNames: ['outcome'],
    registers,
  })
  const identifications = new Counter({
    name: 'botyard_bot_identifications_total',
    help: 'Times a platform was asked who a bot is, by outcome: known, refused (the credentials), unreachable.',
    labelNames: ['platform', 'outcome'],
    registers,
  })

  return {
    answered: (method, route, status, ms) => requests.observe({ method, route, status }, ms / 1000),
    announced: outcome => announcements.inc({ outcome }),
    identified: (platform, outcome) => identifications.inc({ platform, outcome }),
  }
}
