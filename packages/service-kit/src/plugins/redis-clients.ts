import fp from 'fastify-plugin'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { checkRedisAtStart } from '../check-redis-at-start.ts'
import { startPulse } from '../pulse.ts'
import { createRedis, type RedisRole } from '../redis.ts'
import { checkRedisDurability } from '../redis-durability.ts'

/** Which Redis, and which connections to it. */
export interface RedisClientsOptions {
  readonly url: string
  /** The app's, for the names of its connections. */
  readonly name: string
  /** Each gets a connection of its own, `app.redis.<role>`. */
  readonly roles: readonly RedisRole[]
  /** What the server is checked for each time that it is there again; without it, it is not. */
  readonly durability?: 'strict' | 'relaxed'
  /** How many partitions the queues have: on a cluster it is said how they lie. */
  readonly partitions: number
  readonly logger: Logger
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The connections to Redis, by what they are for; one that the app did not ask for throws. */
    redis: Readonly<Record<RedisRole, Redis>>
  }
}

/**
 * Connections to Redis that mend themselves. `/ready` asks whether Redis answers, and whether what is
 * published is heard if there is a subscriber.
 */
export default fp<RedisClientsOptions>(
  async function redisClients(app, { url, name, roles, durability, partitions, logger }) {
    const clients = new Map(roles.map(role => [role, createRedis({ url, logger, name, role })]))
    app.decorate('redis', byRole(clients))
    app.addHook('onClose', async () => {
      for (const client of clients.values()) client.disconnect()
    })

    const first = clients.get(roles[0]!)!
    checkRedisAtStart(first, logger, partitions)
    if (durability !== undefined) {
      first.on('ready', () => {
        checkRedisDurability(first, { durability, logger }).catch(err =>
          logger.warn({ err }, 'redis durability not checked'),
        )
      })
    }
    const subscriber = clients.get('subscriber')
    const commands = clients.get('commands')
    // With a subscriber the pulse notices a connection that stands and leads nowhere; without one it has to
    // be asked.
    app.addReadyCheck('redis', () => (subscriber === undefined ? answers(first) : first.status === 'ready'))
    if (subscriber !== undefined && commands !== undefined) {
      const pulse = startPulse({ subscriber, commands, logger })
      app.addReadyCheck('subscriptions', () => pulse.heard)
      app.addHook('onClose', async () => pulse.close())
    }
  },
  { name: 'redis-clients', fastify: '5.x', dependencies: ['ops'] },
)

function answers(redis: Redis): Promise<boolean> {
  return redis.ping().then(
    () => true,
    () => false,
  )
}

function byRole(clients: ReadonlyMap<RedisRole, Redis>): Readonly<Record<RedisRole, Redis>> {
  const open = (role: RedisRole): Redis => {
    const client = clients.get(role)
    if (client === undefined)
      throw new Error(`No Redis connection for ${role}: name it in the roles of redis-clients`)
    return client
  }
  return {
    get commands() {
      return open('commands')
    },
    get bulk() {
      return open('bulk')
    },
    get worker() {
      return open('worker')
    },
    get subscriber() {
      return open('subscriber')
    },
  }
}
