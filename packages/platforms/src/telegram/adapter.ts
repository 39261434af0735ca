import type { PlatformAdapter } from '../adapter.ts'
import { TelegramCredentials } from './credentials.ts'
import { limitsOfTelegram } from './limits.ts'
import { normaliseTelegram } from './normalise.ts'
import { pollTelegram } from './poll.ts'
import { telegramRegistrar } from './register.ts'
import { sendTelegram } from './send.ts'
import { verifyTelegram } from './verify.ts'

/** Telegram's Bot API by webhook: https://core.telegram.org/bots/api. */
export const telegram: PlatformAdapter<TelegramCredentials> = {
  platform: 'telegram',
  duties: {
    sends: { edit: true, typing: true, idempotent: false },
    unsigned: 'Everything: the call repeats a secret, its body and time are as trustworthy as the TLS connection.',
  },
  credentials: TelegramCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // "Incoming updates are stored on the server until the bot receives them either way, but not longer than 24 hours."
  redeliveryWindowMs: 24 * 60 * 60 * 1000,
  // Telegram publishes no maximum; its server starts with a buffer of 64 KiB.
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/json'],
  repeatsSecret: true,
  verify: verifyTelegram,
  normalise: normaliseTelegram,
  send: sendTelegram,
  limits: limitsOfTelegram,
  register: telegramRegistrar,
  poll: pollTelegram,
}
