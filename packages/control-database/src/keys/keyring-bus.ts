import type { Redis } from 'ioredis'
import { createLeaseBoard } from '../notices/lease-board.ts'

/** The ring of a live process. */
export interface LiveRing {
  /** App, host and process. */
  readonly member: string
  /** The key that it seals with, and since when by its own clock. */
  readonly active: string
  readonly activeForMs: number
  /** Fingerprints by id. */
  readonly keys: Readonly<Record<string, string>>
}

const board = createLeaseBoard<Omit<LiveRing, 'member'>>('keyring')

/** Announces the keys of a process. */
export function announceRing(redis: Redis, { member, ...ring }: LiveRing): Promise<void> {
  return board.tell(redis, member, ring)
}

/** Ends a process's lease. */
export function withdrawRing(redis: Redis, member: string): Promise<void> {
  return board.withdraw(redis, member)
}

/** The rings of all live processes, by member. */
export function liveRings(redis: Redis): Promise<LiveRing[]> {
  return board.live(redis)
}
