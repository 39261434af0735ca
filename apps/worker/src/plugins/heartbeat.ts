import { setTimeout as delay } from 'node:timers/promises'
import {
  checkLayout,
  createTokens,
  type Heartbeat,
  startHeartbeat,
  startTurns,
  type Tokens,
  type Turns,
} from '@botyard/mailbox'
import { unlessAborted } from '@botyard/service-kit'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'

/** Where the worker says that it lives. */
export interface HeartbeatOptions {
  readonly partitions: number
  /** The groups of bots that this process runs. */
  readonly groups: readonly string[]
  readonly replicas: number
  readonly logger: Logger
  readonly stopping: AbortSignal
  readonly onTrouble: (error: unknown) => void
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Says that this process lives, and names it. */
    heartbeat: Heartbeat
    /** The queues by which workers are told that a partition has work. */
    tokens: Tokens
    /** All that this process settles and claims. */
    turns: Turns
    /** Waits for a part of the close, but no longer than Redis answers. */
    closedOrLost(closing: Promise<unknown>): Promise<void>
  }
}

/**
 * How long Redis may take no beat before a shutdown goes on without it, in ms: longer than any reconnection
 * takes.
 */
const lostMs = 10_000

/**
 * The heartbeat that keeps what this process holds its own, and the turns and tokens by which it works. All
 * outlive the drains: what they hand back at the close is handed back by a process that lives.
 */
export default fp<HeartbeatOptions>(
  async function heartbeat(app, { partitions, groups, replicas, logger, stopping, onTrouble }) {
    const redis = app.redis.worker
    await unlessAborted(checkLayout(redis), stopping)
    const beat = await unlessAborted(startHeartbeat({ redis, partitions, replicas }), stopping)
    let isLost = false
    app.decorate('heartbeat', beat)
    app.decorate('closedOrLost', async closing => {
      if (isLost) return
      const closed = new AbortController()
      await Promise.race([closing.finally(() => closed.abort()), untilLost(closed.signal)])
    })
    app.addReadyCheck('redis', () => beat.fresh)
    app.addHook('onClose', () => app.closedOrLost(beat.close()))

    const tokens = createTokens({ redis, partitions })
    app.decorate('tokens', tokens)
    app.addHook('onClose', () => app.closedOrLost(tokens.close()))

    const turns = startTurns({ redis, partitions, groups, heartbeat: beat, tokens, onTrouble })
    app.decorate('turns', turns)
    app.addHook('onClose', async () => turns.close())

    /**
     * Nothing can be settled or handed back without Redis, and others take over what a silent process held.
     */
    async function untilLost(closed: AbortSignal): Promise<void> {
      while (beat.ageMs < lostMs && !closed.aborted) {
        await delay(500, undefined, { signal: closed }).catch(() => undefined)
      }
      if (closed.aborted || isLost) return
      isLost = true
      logger.error('redis does not answer: what is in hand is left for others to take over')
    }
  },
  { name: 'heartbeat', fastify: '5.x', decorators: { fastify: ['redis', 'addReadyCheck'] } },
)
