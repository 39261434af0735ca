import { readOrders, steerBot } from '@botyard/mailbox'
import fp from 'fastify-plugin'
import { createBotOrders } from '../inbox/bot-orders.ts'

/** What the orders need. */
export interface BotOrdersOptions {
  readonly partitions: number
  readonly onTrouble: (error: unknown) => void
}

/** Redis may have lost some: it is asked what it was told after this time, in ms. */
const askAgainMs = 60_000

/** Tells the mailboxes what holds for whole bots, at the start and whenever a setting changes. */
export default fp<BotOrdersOptions>(
  async function botOrders(app, { partitions, onTrouble }) {
    const { bots, redis, tokens } = app
    const deps = { redis: redis.worker, partitions, tokens }
    const orders = createBotOrders({
      ...{ bots, partitions },
      give: (box, bot, order) => steerBot(deps, box, bot, order),
      standing: box => readOrders(redis.worker, partitions, box),
    })
    const tell = () => void orders.tell().catch(onTrouble)
    bots.onChange(tell)
    await orders.tell()
    // Never throws: it begins commands, whose failures are caught.
    const timer = setInterval(() => {
      orders.forget()
      tell()
    }, askAgainMs)
    app.addHook('onClose', async () => clearInterval(timer))
  },
  {
    name: 'bot-orders',
    fastify: '5.x',
    dependencies: ['heartbeat'],
    decorators: { fastify: ['bots', 'redis'] },
  },
)
