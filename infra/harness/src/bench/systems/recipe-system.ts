import { fileURLToPath } from 'node:url'
import { freePort } from '@botyard/testkit'
import { telegramToken } from '../../shared/apps.ts'
import { scrapeMetrics } from '../../shared/metrics.ts'
import {
  type BenchedSystem,
  type StartOptions,
  unreachedLimit,
  webhookSecret,
  workerConcurrency,
} from './benched-system.ts'
import { startNode } from './node-process.ts'

const files = {
  gateway: fileURLToPath(new URL('../recipe/gateway.ts', import.meta.url)),
  worker: fileURLToPath(new URL('../recipe/worker.ts', import.meta.url)),
}

/** Starts the usual recipe: see recipe/gateway.ts. It replies if it is told a Bot API. */
export async function startRecipe(options: StartOptions, apiRoot?: string): Promise<BenchedSystem> {
  const port = await freePort()
  const workerOpsPort = await freePort()
  const env = {
    NODE_ENV: 'production', // Express and its middleware ask for it.
    REDIS_URL: options.redisUrl,
    WEBHOOK_SECRET: webhookSecret,
    GATEWAY_PORT: String(port),
    GATEWAY_OPS_PORT: String(await freePort()),
    WORKER_OPS_PORT: String(workerOpsPort),
    WORKER_CONCURRENCY: String(workerConcurrency),
    IP_LIMIT_PER_MINUTE: String(unreachedLimit),
    USER_LIMIT_PER_MINUTE: String(unreachedLimit),
    ...(apiRoot && { API_ROOT: apiRoot, BOT_TOKEN: telegramToken() }),
  }
  const { directory, profiles } = options
  await using stack = new AsyncDisposableStack()
  const worker = await startNode({ name: 'worker', file: files.worker, env, directory, profiles })
  stack.defer(() => worker.close())
  const gateway = await startNode({ name: 'gateway', file: files.gateway, env, directory, profiles })
  stack.defer(() => gateway.close())
  const ownership = stack.move()
  return {
    targetOf: () => ({ port, path: '/webhooks/telegram', secret: webhookSecret }),
    pids: { gateway: gateway.pid, worker: worker.pid },
    handled: async () => (await scrapeMetrics(workerOpsPort)).sum('recipe_updates_handled_total'),
    close: () => ownership.disposeAsync(),
  }
}
