import type { Logger } from 'pino'
import { Counter, type Registry } from 'prom-client'
import { createLineSampler } from './sample-lines.ts'

/**
 * What is worth an operator's attention; each is reported by some app. The names are part of the interface,
 * since alerts are written on them.
 */
export const securityEventNames = [
  'security.signature_refused',
  'security.secret_refused',
  'security.token_refused',
  'security.role_refused',
  'security.limit_refused',
  'security.target_refused',
  'security.credentials_changed',
  'security.key_changed',
  'security.prototype_changed',
] as const
export type SecurityEvent = (typeof securityEventNames)[number]

/** What a security event may say: ids, reasons and addresses; never the secret, signature or token itself. */
export type SecurityFields = Readonly<Record<string, string | number | boolean | undefined>>

/** Records one security event. */
export type ReportSecurityEvent = (event: SecurityEvent, fields: SecurityFields) => void

/** So many lines of each refusal in ten seconds tell an operator enough; the counter counts them all. */
const sampling = { max: 50, windowMs: 10_000 }

/**
 * Makes the reporter of security events: one log line, its message the event's name, at level warn for
 * refusals and info for the rest, and one on the counter `botyard_security_events_total{event}`. Beyond a
 * rate refusals are counted only, and the next line says how many are `leftOut`.
 */
export function securityEvents({
  logger,
  registry,
}: {
  logger: Logger
  registry: Registry
}): ReportSecurityEvent {
  const counter = new Counter({
    name: 'botyard_security_events_total',
    help: 'Refused signatures, secrets, tokens, roles, limits and targets; changes of credentials and keys.',
    labelNames: ['event'],
    registers: [registry],
  })
  // A series that begins at 1 has no increase for an alert to see.
  for (const event of securityEventNames) counter.inc({ event }, 0)

  const lines = createLineSampler(sampling)

  return (event, fields) => {
    counter.inc({ event })
    if (!event.endsWith('_refused')) {
      logger.info(fields, event)
      return
    }
    const leftOut = lines.sample(event)
    if (leftOut !== undefined) logger.warn(leftOut > 0 ? { ...fields, leftOut } : fields, event)
  }
}
