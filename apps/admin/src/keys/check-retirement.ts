import { countUnopenable } from '@botyard/control-database/keys'
import { sessionsAway } from './key-problems.ts'
import { type KeyDeps, type KeyReport, reportKeys } from './key-report.ts'

/** Whether a key may be removed from the keyrings. */
export interface Retirement {
  readonly id: string
  readonly retirable: boolean
  /** Why not, for an operator; empty if it may go. */
  readonly reasons: string[]
  /** What needs it, by place. */
  readonly needs: Record<string, number>
  /** Envelopes under it that were changed or moved: no key opens them, they need none. By place. */
  readonly spoilt: Record<string, number>
}

/**
 * Says that a key may go only if all was looked at and nothing needs it: no live process seals with it or did
 * within `settleMs`, and no envelope lies under it, in Redis or in the control database.
 */
export async function checkRetirement(deps: KeyDeps, id: string, settleMs: number): Promise<Retirement> {
  const report = await reportKeys(deps)
  const needs: Record<string, number> = {}
  const spoilt: Record<string, number> = {}
  for (const [place, counts] of Object.entries(report.counts)) {
    const count = counts[id] ?? 0
    if (count === 0) continue
    // A table too large to be looked through in time counts as it stands: rather keep a key than lose what it
    // opens.
    const beyondHelp = await countUnopenable(deps.db, deps.keyring, place, id).catch(() => 0)
    if (beyondHelp > 0) spoilt[place] = beyondHelp
    if (count > beyondHelp) needs[place] = count - beyondHelp
  }
  const reasons = reasonsOf(report, id, settleMs, needs)
  return { id, retirable: reasons.length === 0, reasons, needs, spoilt }
}

function reasonsOf(
  { rings, complete, areSessionsAway }: KeyReport,
  id: string,
  settleMs: number,
  needs: Readonly<Record<string, number>>,
): string[] {
  const reasons: string[] = []
  const sealing = rings.filter(({ active }) => active === id).map(({ member }) => member)
  // Before the others: what was sealed a moment ago is not yet where it is counted.
  const settling = rings.filter(({ activeForMs }) => activeForMs < settleMs).map(({ member }) => member)
  if (rings.length === 0)
    reasons.push('No process has said yet which keys it has: repeat this in a few seconds')
  if (sealing.length > 0)
    reasons.push(`It is the active key of ${sealing.join(', ')}: make another one active there first`)
  else if (settling.length > 0) {
    const seconds = Math.ceil(settleMs / 1000)
    reasons.push(
      `${settling.join(', ')} changed the active key less than ${seconds} s ago or started since: wait for it`,
    )
  }
  for (const [place, count] of Object.entries(needs)) reasons.push(`${count} in ${place} ${adviceFor(place)}`)
  if (areSessionsAway) reasons.push(sessionsAway)
  else if (!complete)
    reasons.push('Not everything could be counted in time: repeat this when there is less waiting')
  return reasons
}

function adviceFor(place: string): string {
  if (place === 'redis.once')
    return 'are steps of updates that may be tried again: they go with their updates, or after a week'
  if (place === 'redis.sessions')
    return 'are sessions: they go when their users have been silent for long enough'
  if (place.startsWith('redis.'))
    return 'wait in Redis: let the workers work them off, decide on what is parked'
  return 'lie in the control database: re-encrypt them (botyard keys reencrypt)'
}
