import { scrapeMetrics } from '../metrics.ts'
import type { Deployment } from './deployment.ts'

/** Sends that workers marked as uncertain, those of processes that have ended since included. */
export interface MarkedSends {
  readonly sum: number
  /** Looks at the workers that run; call it before one of them ends, and at the end. */
  note(): Promise<void>
}

/** Begins to count. A worker that is killed while it sends leaves sends of which nobody knows. */
export function countMarkedSends({ membersOf }: Pick<Deployment, 'membersOf'>): MarkedSends {
  const counts = new Map<number, number>()
  return {
    get sum() {
      return [...counts.values()].reduce((sum, n) => sum + n, 0)
    },
    async note() {
      for (const { opsPort, process } of membersOf('worker')) {
        const page = await scrapeMetrics(opsPort).catch(() => undefined)
        const n = page?.sum('botyard_sends_total', ({ outcome }) => outcome === 'uncertain')
        if (n !== undefined) counts.set(process.pid, n)
      }
    },
  }
}
