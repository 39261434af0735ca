import { fileURLToPath } from 'node:url'
import { freePort } from '@botyard/testkit'
import { telegramToken } from '../../shared/apps.ts'
import { type ServedSystem, type StartOptions, webhookSecret } from './benched-system.ts'
import { startNode } from './node-process.ts'

const file = fileURLToPath(new URL('../grammy/server.ts', import.meta.url))

/** Starts grammY in process, in the gateway's place: see grammy/server.ts. */
export async function startGrammy(
  { directory, profiles }: Omit<StartOptions, 'redisUrl' | 'fsync'>,
  apiRoot: string,
): Promise<ServedSystem> {
  const port = await freePort()
  const env = {
    PORT: String(port),
    API_ROOT: apiRoot,
    BOT_TOKEN: telegramToken(),
    WEBHOOK_SECRET: webhookSecret,
  }
  const { pid, close } = await startNode({ name: 'gateway', file, env, directory, profiles })
  return { targetOf: () => ({ port, path: '/', secret: webhookSecret }), pids: { gateway: pid }, close }
}
