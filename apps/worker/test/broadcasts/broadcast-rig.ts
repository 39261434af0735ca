import { randomBytes } from 'node:crypto'
import { after, before, type TestContext } from 'node:test'
import type { BotParts } from '@botyard/bot-kit'
import {
  type ControlDatabase,
  createBotStore,
  createControlDatabase,
  migrateControl,
} from '@botyard/control-database'
import {
  type BroadcastMessage,
  type BroadcastStore,
  createBroadcastStore,
} from '@botyard/control-database/broadcasts'
import type { BotSettings } from '@botyard/queue-contracts'
import { startPostgres, type TestPostgres } from '@botyard/testkit'
import { pino } from 'pino'
import { rig, until } from '../helper.ts'

const logger = pino({ level: 'silent' })

/** A Postgres for all tests of a file. */
export function broadcastRigs() {
  let postgres: TestPostgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres.stop())

  /**
   * The worker's rig with a real control database that knows its bots; `store` counts how often a worker
   * looked for work.
   */
  return async function broadcastRig(
    t: TestContext,
    bots: Record<string, BotParts & { settings?: BotSettings }>,
  ) {
    const namingKey = randomBytes(32)
    const base = await rig(t, bots, { namingKey })
    const url = await postgres.createDatabase()
    const db = createControlDatabase({ url, poolSize: 5, logger })
    // Workers are closed by the rig's own hook, which runs first.
    t.after(() => db.destroy())
    await migrateControl(db, logger)
    const botStore = createBotStore(db, base.keyring)
    for (const bot of base.directory.values()) await botStore.insert(bot)
    const broadcasts = createBroadcastStore(db, base.keyring)
    let looks = 0
    const store: BroadcastStore = {
      ...broadcasts,
      lease(...args) {
        looks++
        return broadcasts.lease(...args)
      },
    }

    return {
      ...base,
      url,
      namingKey,
      db,
      botStore,
      store,
      /** Uploads a broadcast to chats and starts it; answers its id. */
      async announce(bot: string, chats: readonly number[], message: BroadcastMessage = { text: 'to all' }) {
        const id = await broadcasts.create(bot, message)
        await broadcasts.addRecipients(
          id,
          0,
          chats.map(chat => ({ conversation: String(chat) })),
        )
        await broadcasts.start(id, chats.length, false)
        return id
      },
      read: async (bot: string, id: string) => (await broadcasts.get(bot, id))!,
      ended: (bot: string, id: string) =>
        until(async () => (await broadcasts.get(bot, id))?.state === 'done'),
      /** Resolves after the workers have looked for broadcasts to release that often. */
      async looked(times: number) {
        const before = looks
        await until(() => looks >= before + times)
      },
      expireLeases: () => expireLeases(db),
    }
  }
}

/** As if the worker that holds the broadcasts had been silent for too long. */
async function expireLeases(db: ControlDatabase): Promise<void> {
  await db
    .updateTable('broadcasts')
    .set({ leased_until: new Date(0) })
    .execute()
}

/** Numbers from 1 on, as chats. */
export const chatsUpTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)
