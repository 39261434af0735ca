import type { Logger } from 'pino'
import { Gauge, type Registry } from 'prom-client'
import { changedPrototypes } from './guard-prototypes.ts'
import type { ReportSecurityEvent } from './security-events.ts'

const lookEveryMs = 10_000
/** Names in a line: a library that changes more is told by these. */
const maxNames = 20

/**
 * Looks at once and every ten seconds whether code of this process has changed a prototype, and says so once
 * for each member.
 */
export function watchPrototypes(options: {
  logger: Logger
  registry: Registry
  security: ReportSecurityEvent
  everyMs?: number
}): { close(): void } {
  const { logger, registry, security, everyMs = lookEveryMs } = options
  const said = new Set<string>()
  const gauge = new Gauge({
    name: 'botyard_changed_prototypes',
    aggregator: 'max',
    help: 'Members of Object.prototype and its like that code of this process has added or changed. Alert on any.',
    registers: [registry],
  })

  function look(): void {
    const changed = changedPrototypes()
    gauge.set(changed.length)
    const fresh = changed.filter(name => !said.has(name))
    if (fresh.length === 0) return
    for (const name of fresh) said.add(name)
    const members = fresh.slice(0, maxNames).join(', ')
    security('security.prototype_changed', { members, count: fresh.length })
    logger.error(
      { members, count: fresh.length },
      'code of this process has changed what all objects inherit',
    )
  }

  look()
  // It compares names in memory, counts and logs: it never throws.
  const timer = setInterval(look, everyMs)
  return { close: () => clearInterval(timer) }
}
