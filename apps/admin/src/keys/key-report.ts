import type { ControlDatabase } from '@botyard/control-database'
import {
  countSealed,
  createKeyStore,
  type KeyAge,
  type KeyCounts,
  type LiveRing,
  liveRings,
} from '@botyard/control-database/keys'
import { countKeyIds } from '@botyard/mailbox'
import { keyIdOf, type LiveKeyring } from '@botyard/service-kit'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { orUnavailable } from '../parked/unpark-conversation.ts'
import { countSessions } from './count-sessions.ts'

/** What looking at keys stands on. */
export interface KeyDeps {
  readonly db: ControlDatabase
  readonly keyring: LiveKeyring
  readonly redis: Redis
  /** Where the workers keep sessions: not always the Redis of the queues. */
  readonly sessionRedis: Redis
  readonly logger: Logger
}

/** Everything that is known of the keys: their ages, who has them, what lies under them. */
export interface KeyReport {
  readonly ages: readonly KeyAge[]
  readonly rings: readonly LiveRing[]
  /** By place: tables of the control database, `redis.inbox` and so on. */
  readonly counts: KeyCounts
  /** False when not all was counted in time. */
  readonly complete: boolean
  /** The Redis of the sessions was away, or refused: any key may be needed there. */
  readonly areSessionsAway: boolean
}

/** How long counting may take; the command line waits for a minute. */
const countMs = 45_000

/**
 * Looks at all of it. Redis before the database: that is the way that dead letters go, so none is missed in
 * between.
 */
export async function reportKeys({ db, redis, sessionRedis, logger }: KeyDeps): Promise<KeyReport> {
  const deadline = performance.now() + countMs
  const rings = await orUnavailable(liveRings(redis))
  const queues = await orUnavailable(countKeyIds(redis, { deadline, keyIdOf }))
  const sessions = await countSessions(sessionRedis, deadline).catch(err => {
    logger.warn({ err }, 'sessions not counted')
    return undefined
  })
  const tables = await countSealed(db, deadline)
  const inRedis = Object.entries(queues.counts).map(([place, counts]) => [`redis.${place}`, counts] as const)
  return {
    rings,
    ages: await createKeyStore(db).list(),
    counts: { ...tables.counts, ...Object.fromEntries(inRedis), 'redis.sessions': sessions?.counts ?? {} },
    complete: queues.complete && sessions?.complete === true && tables.complete,
    areSessionsAway: sessions === undefined,
  }
}
