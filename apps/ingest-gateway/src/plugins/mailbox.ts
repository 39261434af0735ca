import { checkLayout, createMailboxWriter, type MailboxWriter, OldLayoutError } from '@botyard/mailbox'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'

/** How many partitions there are, and how many replicas must have an update. */
export interface MailboxOptions {
  readonly partitions: number
  readonly replicas: number
  /** How long an update may wait for the updates before it, in ms. */
  readonly maxWaitMs: number
  readonly logger: Logger
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Stores updates. */
    mailbox: MailboxWriter
  }
}

/** The gateway's end of the hand-over to workers; closing it waits for the batches under way. */
export default fp<MailboxOptions>(
  async function mailbox(app, { logger, ...options }) {
    const redis = app.redis.commands
    const writer = createMailboxWriter({ redis, ...options })
    app.decorate('mailbox', writer)
    app.addHook('onClose', () => writer.close())

    // Nobody waits for Redis here: the gateway starts without it, and answers 503 until it is there.
    const check = () =>
      void checkLayout(redis).catch(err => {
        if (!(err instanceof OldLayoutError)) return logger.warn({ err }, 'layout in Redis not checked')
        logger.fatal({ code: err.code }, err.message)
        process.exit(err.exitCode)
      })
    if (redis.status === 'ready') check()
    else redis.once('ready', check)
  },
  { name: 'mailbox', fastify: '5.x', dependencies: ['redis-clients'] },
)
