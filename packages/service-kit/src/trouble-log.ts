import type { Logger } from 'pino'

/** Trouble of one kind that comes again within this time is the same outage, in ms. */
const sameOutageMs = 30_000

/**
 * Logs trouble that mends itself: one line for each kind and outage, however often it comes (651 lines in
 * eleven seconds were seen); the first line after a quiet time says how many were left out.
 */
export function createTroubleLog(logger: Logger, message: string): (err: unknown) => void {
  const kinds = new Map<string, { lastAt: number; leftOut: number }>()
  return err => {
    const kind = kindOf(err)
    const now = performance.now()
    const known = kinds.get(kind)
    if (known !== undefined && now - known.lastAt < sameOutageMs) {
      known.lastAt = now
      known.leftOut++
      return
    }
    logger.warn({ err, ...(known && { leftOut: known.leftOut }) }, message)
    kinds.set(kind, { lastAt: now, leftOut: 0 })
  }
}

/** Redis's answers begin with their kind: READONLY, OOM, BUSY. What follows may be different each time. */
function kindOf(err: unknown): string {
  if (!(err instanceof Error)) return typeof err
  const { code } = err as { code?: unknown }
  return typeof code === 'string'
    ? code
    : (/^[A-Z]{3,}/.exec(err.message)?.[0] ?? `${err.name}: ${err.message.slice(0, 40)}`)
}
