import {
  type BotProfile,
  type BotStore,
  type ControlDatabase,
  createBotStore,
} from '@botyard/control-database'
import type { Keyring } from '@botyard/service-kit'

/** Adds a bot; a run has a control database of its own, so there is none of that name. */
export async function addBot(
  db: ControlDatabase,
  keyring: Keyring,
  bot: Parameters<BotStore['insert']>[0],
): Promise<BotProfile> {
  const result = await createBotStore(db, keyring).insert(bot)
  if (result.status !== 'created') throw new Error(`The bot ${bot.id} could not be added: ${result.status}`)
  return result.bot
}
