import type { HostReport } from './host-report.ts'

/** The conclusion from the reports of all hosts. */
export interface Choice {
  readonly url: string | undefined
  /** The timeline and cluster of the host chosen. */
  readonly timeline: number
  readonly system: string
  /** Writable hosts that must not be written to, and why. */
  readonly refused: ReadonlyMap<string, 'old-timeline' | 'other-cluster' | 'second-primary' | 'unproven'>
}

/**
 * The host to write to: the writable one with the highest timeline that anybody has seen. An old primary that
 * comes back is writable too, but a standby was promoted to a higher timeline meanwhile.
 * @param remembered the highest timeline seen of a cluster, or `undefined` if that cannot be known now: then
 *   a host is taken only if every other one answers, as the one that does not might be its successor.
 */
export function choosePrimary(
  reports: ReadonlyMap<string, HostReport>,
  current: string | undefined,
  remembered: (system: string) => number | undefined,
): Choice {
  const seen = [...reports].flatMap(([url, report]) =>
    report.status === 'standby' || report.status === 'writable' ? [{ url, ...report }] : [],
  )
  const writable = seen.filter(host => host.status === 'writable')
  const refused = new Map<string, 'old-timeline' | 'other-cluster' | 'second-primary' | 'unproven'>()
  const candidates = writable.filter(({ url, timeline, system }) => {
    const newest = Math.max(...seen.filter(host => host.system === system).map(host => host.timeline))
    const known = remembered(system)
    if (timeline < Math.max(newest, known ?? 0)) refused.set(url, 'old-timeline')
    else if (known === undefined && seen.length < reports.size) refused.set(url, 'unproven')
    return !refused.has(url)
  })
  // The one in use stays; without one, the first in the operator's order is taken.
  const chosen = candidates.find(host => host.url === current) ?? candidates[0]
  for (const { url, system } of candidates) {
    if (url !== chosen?.url) refused.set(url, system === chosen?.system ? 'second-primary' : 'other-cluster')
  }
  return { url: chosen?.url, timeline: chosen?.timeline ?? 0, system: chosen?.system ?? '', refused }
}
