import { type BotApiOptions, type SimulatedBotApi, startBotApi } from './bot-api.ts'
import { createUpdateBuilder, type UpdateBuilder } from './update-builder.ts'
import { createWebhookCaller, type WebhookCaller, type WebhookCallerOptions } from './webhook-caller.ts'

/** Telegram, seen from one bot: its Bot API, what its users do, and the webhook calls these cause. */
export interface TelegramSimulator {
  readonly api: SimulatedBotApi
  readonly updates: UpdateBuilder
  /** What the bot is registered with. */
  readonly credentials: { token: string; webhookSecret: string; apiRoot: string }
  /**
   * Calls the webhook of this url from now on; called again it gives up what the caller before had pending.
   */
  connect(url: string, options?: Omit<WebhookCallerOptions, 'url' | 'secretToken'>): Promise<WebhookCaller>
  close(): Promise<void>
}

/**
 * Starts the Bot API on loopback; the webhook caller waits for `connect`, since its url comes from
 * registering the bot.
 */
export async function createTelegramSimulator(
  options: BotApiOptions & { webhookSecret?: string } = {},
): Promise<TelegramSimulator> {
  const { webhookSecret = 'simulated-secret_A1', ...apiOptions } = options
  const api = await startBotApi(apiOptions)
  let caller: WebhookCaller | undefined
  return {
    api,
    updates: createUpdateBuilder(apiOptions.bot === undefined ? {} : { bot: apiOptions.bot }),
    credentials: { token: api.token, webhookSecret, apiRoot: api.url },
    async connect(url, callerOptions = {}) {
      await caller?.close()
      caller = createWebhookCaller({ ...callerOptions, url, secretToken: webhookSecret })
      return caller
    },
    async close() {
      await caller?.close()
      await api.close()
    },
  }
}
