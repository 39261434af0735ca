import { unlessAborted } from '@botyard/service-kit'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import { type BotDirectory, createBotDirectory } from '../bots/bot-directory.ts'
import { createBotStore } from '../bots/bot-store.ts'

/** Where the directory tells its trouble, and what ends the wait for the first bots. */
export interface BotDirectoryOptions {
  readonly logger: Logger
  readonly stopping: AbortSignal
}

declare module 'fastify' {
  interface FastifyInstance {
    /** All bots in memory. */
    bots: BotDirectory
  }
}

/**
 * The directory of bots. The start waits until it knows them: without them genuine calls would be answered
 * 404.
 */
export default fp<BotDirectoryOptions>(
  async function botDirectory(app, { logger, stopping }) {
    const { controlDatabase, keyring, redis } = app
    const store = createBotStore(controlDatabase, keyring)
    const bots = createBotDirectory({ store, redis: redis.subscriber, commands: redis.commands, logger })
    app.decorate('bots', bots)
    app.addReadyCheck('bots', () => bots.ready)
    app.addHook('onClose', () => bots.close())
    // A new key may open the credentials of a bot that no key opened before.
    keyring.onReplaced(() => bots.reread())
    await unlessAborted(bots.whenReady(), stopping)
  },
  {
    name: 'bot-directory',
    fastify: '5.x',
    dependencies: ['ops', 'keyring', 'redis-clients', 'control-database'],
  },
)
