import { z } from 'zod'

const Config = z.object({
  REDIS_URL: z.string(),
  WEBHOOK_SECRET: z.string(),
  GATEWAY_PORT: z.coerce.number().int(),
  GATEWAY_OPS_PORT: z.coerce.number().int(),
  WORKER_OPS_PORT: z.coerce.number().int(),
  WORKER_CONCURRENCY: z.coerce.number().int(),
  IP_LIMIT_PER_MINUTE: z.coerce.number().int(),
  USER_LIMIT_PER_MINUTE: z.coerce.number().int(),
  /** The Bot API, where the worker is to reply; without it its handler does nothing. */
  API_ROOT: z.string().optional(),
  BOT_TOKEN: z.string().default(''),
})

/** The recipe's settings from the environment; both its processes get the same ones. */
export const readRecipeConfig = () => Config.parse(process.env)

/** The BullMQ queue between the recipe's gateway and its worker. */
export const queueName = 'updates'
