import { createHoldGuard, type Drain, startDrain } from '@botyard/mailbox'
import { botOf } from '@botyard/queue-contracts'
import fp from 'fastify-plugin'
import type { BoxOptions } from '../box-options.ts'
import { recordFailure } from '../broadcasts/record-result.ts'
import { judgeFailure } from '../failures/judge-failure.ts'
import { createLogSettled } from '../failures/log-settled.ts'
import { createIdentities, type Identities } from '../outbox/identities.ts'
import { createSendMessage } from '../outbox/send-message.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Sends the replies of conversations. */
    outbox: Drain
    /** Who the bots are, as answers to their sends tell. */
    identities: Identities
  }
}

/** A platform that has not answered a send within this time leaves its outcome uncertain, in ms. */
const sendTimeoutMs = 30_000

/** What the outbox is told besides. */
export interface OutboxOptions extends BoxOptions {
  readonly replicas: number
}

/** Works the outbox off: sends replies, one chat in order. */
export default fp<OutboxOptions>(
  async function outbox(app, { partitions, replicas, concurrency, grace, logger, metrics, onTrouble }) {
    const { adapters, bots, keyring, sendLimits, storeIdentity, targets, tenantCredentials } = app
    const identities = createIdentities({ storeIdentity, logger })
    const logSettled = createLogSettled(logger)

    const redis = app.redis.worker
    const holdGuard = createHoldGuard({ redis, process: app.heartbeat.process, partitions, replicas })
    app.addHook('onClose', async () => holdGuard.close())
    const drain = startDrain({
      ...{ box: 'outbox', partitions, concurrency, redis, holdGuard, onTrouble },
      ...{ tokens: app.tokens, turns: app.turns, heartbeat: app.heartbeat },
      handle: createSendMessage({
        ...{ adapters, bots, identities, keyring, metrics, logger, tenantCredentials },
        dispatcher: targets.dispatcher,
        limits: sendLimits,
        tracing: app.tracing,
      }),
      judge(mail, error) {
        const bot = bots.get(botOf(mail.conversation))
        return recordFailure(keyring, mail, judgeFailure({ keyring, box: 'outbox', bot }, mail, error))
      },
      timeoutMsOf: () => sendTimeoutMs,
      onSettled(mail, disposition, status) {
        if (disposition.do === 'dead' && status !== 'refused')
          metrics.deadLetter('outbox', disposition.reason)
        logSettled('reply', mail, disposition, status)
      },
    })
    app.decorate('identities', identities)
    app.decorate('outbox', drain)
    app.addHook('onClose', () => app.closedOrLost(drain.close(Math.min(grace.leftMs(), sendTimeoutMs))))
  },
  {
    name: 'outbox',
    fastify: '5.x',
    dependencies: ['heartbeat'],
    decorators: {
      fastify: [
        'adapters',
        'bots',
        'keyring',
        'redis',
        'sendLimits',
        'storeIdentity',
        'targets',
        'tenantCredentials',
      ],
    },
  },
)
