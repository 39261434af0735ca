import type { PlatformAdapter } from '../adapter.ts'
import { acknowledgeTelegram } from './acknowledge.ts'
import { telegramBroadcasts } from './broadcasts.ts'
import { TelegramCredentials } from './credentials.ts'
import { identifyTelegram } from './identify.ts'
import { limitsOfTelegram } from './limits.ts'
import { normaliseTelegram } from './normalise.ts'
import { pollTelegram } from './poll.ts'
import { telegramRegistrar } from './register.ts'
import { sendTelegram } from './send.ts'
import { textLimitOfTelegram, tooLongForTelegram } from './text-limit.ts'
import { updateKinds } from './update-kinds.ts'
import { verifyTelegram } from './verify.ts'

/** Telegram's Bot API by webhook: https://core.telegram.org/bots/api. */
export const adapter: PlatformAdapter<TelegramCredentials> = {
  platform: 'telegram',
  duties: {
    sends: { edit: true, typing: true, idempotent: false },
    unsigned:
      'Everything: the call repeats a secret, its body and time are as trustworthy as the TLS connection.',
    ownMessages:
      'by its id (`getMe`); of a business account and of a channel’s direct messages by the other side',
    stopEvent: '`stopped_message_generation`',
    acknowledgement: '`answerCallbackQuery`, `answerInlineQuery` (empty); payments fail with a sentence',
  },
  credentials: TelegramCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // "Incoming updates are stored on the server until the bot receives them either way, but not longer than 24
  // hours."
  redeliveryWindowMs: 24 * 60 * 60 * 1000,
  // Telegram publishes no maximum; its server starts with a buffer of 64 KiB.
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/json'],
  repeatsSecret: true,
  verify: verifyTelegram,
  normalise: normaliseTelegram,
  events: new Set(updateKinds.keys()),
  identify: identifyTelegram,
  textLimit: textLimitOfTelegram,
  tooLong: tooLongForTelegram,
  acknowledge: acknowledgeTelegram,
  send: sendTelegram,
  limits: limitsOfTelegram,
  register: telegramRegistrar,
  poll: pollTelegram,
  broadcasts: telegramBroadcasts,
}
