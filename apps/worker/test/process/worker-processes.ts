import type { TestContext } from 'node:test'
import { freePort, startProcess, type TestProcess } from '@botyard/testkit'
import { exampleBots } from '../examples/example-bots.ts'

/** What worker processes share with the test that starts them. */
export interface ProcessSurroundings {
  readonly redisUrl: string
  readonly databaseUrl: string
  /** A key of the keyring, as `k1`. */
  readonly key: string
  readonly namingKey: Buffer
  readonly stalledAfterSeconds?: number
  /** Further variables. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a real worker process on loopback; resolves when it works, and ends it with the test. */
export async function startWorkerProcess(
  t: TestContext,
  surroundings: ProcessSurroundings,
): Promise<TestProcess> {
  const child = await startWorkerServer(t, surroundings, await freePort())
  await child.waitForLine('"msg":"ready"')
  return child
}

/** The same, before it works. */
export async function startWorkerServer(
  t: TestContext,
  { redisUrl, databaseUrl, key, namingKey, stalledAfterSeconds = 30, env = {} }: ProcessSurroundings,
  opsPort: number,
  nodeOptions: readonly string[] = [],
): Promise<TestProcess> {
  const child = await startProcess(new URL('../../src/server.ts', import.meta.url).pathname, {
    nodeOptions: [...nodeOptions],
    env: {
      WORKER_OPS_HOST: '127.0.0.1',
      WORKER_OPS_PORT: String(opsPort),
      REDIS_URL: redisUrl,
      CONTROL_DATABASE_URL: databaseUrl,
      KEYRING: JSON.stringify({ active: 'k1', keys: { k1: key } }),
      NAMING_KEY: namingKey.toString('base64'),
      ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
      BOTS_DIR: exampleBots,
      STALLED_AFTER_SECONDS: String(stalledAfterSeconds),
      DURABILITY: 'relaxed',
      LOG_LEVEL: 'info',
      ...env,
    },
  })
  t.after(() => child.kill())
  return child
}
