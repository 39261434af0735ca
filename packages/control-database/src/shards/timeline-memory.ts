/**
 * Remembers the highest timeline of each cluster for all processes and all their restarts. Both reject while
 * it is away.
 */
export interface TimelineMemory {
  /** 0 for a cluster never seen. */
  highest(shard: string, system: string): Promise<number>
  /** Never lowers it. */
  raise(shard: string, system: string, timeline: number): Promise<void>
}
