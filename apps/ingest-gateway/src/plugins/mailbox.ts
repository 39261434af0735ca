import { checkLayout, createMailboxWriter, type MailboxWriter } from '@botyard/mailbox'
import fp from 'fastify-plugin'

/** How many partitions there are, and how many replicas must have an update. */
export interface MailboxOptions {
  readonly partitions: number
  readonly replicas: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Stores updates. */
    mailbox: MailboxWriter
  }
}

/** The gateway's end of the hand-over to workers; closing it waits for the batches under way. */
export default fp<MailboxOptions>(
  async function mailbox(app, options) {
    const writer = createMailboxWriter({ redis: app.redis.commands, ...options })
    app.decorate('mailbox', writer)
    app.addHook('onClose', () => writer.close())
  },
  { name: 'mailbox', fastify: '5.x', dependencies: ['redis-clients'] },
)
