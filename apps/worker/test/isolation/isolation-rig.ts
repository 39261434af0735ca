import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import {
  createBotStore,
  createControlDatabase,
  createDeadLetterStore,
  migrateControl,
} from '@botyard/control-database'
import type { BotSettings } from '@botyard/queue-contracts'
import { createKeyring } from '@botyard/service-kit'
import { freePort, startPostgres, type TestProcess } from '@botyard/testkit'
import { pino } from 'pino'
import { botOfSettings, rig } from '../helper.ts'
import { startWorkerServer } from '../process/worker-processes.ts'

const logger = pino({ level: 'silent' })
const folder = new URL('./bots', import.meta.url).pathname

/** A supervisor gives up some time; a test does so soon. */
const mostProcesses = 8

/**
 * Real worker processes with a bot that does anything and one that behaves; a process that ends is started
 * again.
 */
export async function isolationRig(
  t: TestContext,
  settings: Record<string, BotSettings> = { reckless: {}, echo: {} },
) {
  const namingKey = randomBytes(32)
  const bots = Object.fromEntries(Object.keys(settings).map(id => [id, {}]))
  const base = await rig(t, bots, { namingKey })
  const postgres = await startPostgres()
  t.after(() => postgres.stop())
  const db = createControlDatabase({ url: postgres.url, poolSize: 2, logger })
  await migrateControl(db, logger)
  const store = createBotStore(db, createKeyring({ active: 'k1', keys: { k1: base.key } }))
  for (const [id, of] of Object.entries(settings)) await store.insert(botOfSettings(id, base.api.url, of))
  t.after(() => db.destroy())
  const surroundings = { redisUrl: base.server.url, databaseUrl: postgres.url, key: base.key, namingKey }

  /** One worker: a process after the other, as a supervisor starts them. */
  async function startWorker(
    env: Readonly<Record<string, string>> = {},
    nodeOptions: readonly string[] = [],
  ) {
    const processes: TestProcess[] = []
    const port = await freePort()
    let isOver = false
    t.after(() => {
      isOver = true
    })
    const variables = { BOTS_DIR: folder, WORKER_BLOCKED_SECONDS: '2', ...env }
    async function startOne(): Promise<void> {
      const child = await startWorkerServer(t, { ...surroundings, env: variables }, port, nodeOptions)
      processes.push(child)
      void child.exited.then(() => (isOver || processes.length === mostProcesses ? undefined : startOne()))
      await child.waitForLine('"msg":"ready"').catch(() => undefined)
    }
    await startOne()
    return {
      processes,
      metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
      get lines() {
        return processes.flatMap(({ lines }) => lines)
      },
      get deaths() {
        return processes.filter(({ running }) => !running).length
      },
    }
  }

  return { ...base, deadLetters: createDeadLetterStore(db), store, startWorker }
}

/** The log lines with a message. */
export function logged(lines: readonly string[], message: string): Record<string, unknown>[] {
  return lines.filter(line => line.includes(message)).map(line => JSON.parse(line))
}
