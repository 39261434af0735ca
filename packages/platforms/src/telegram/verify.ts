import type { VerifyResult, WebhookRequest } from '../adapter.ts'
import { sameSecret } from '../verify/constant-time.ts'
import type { TelegramCredentials } from './credentials.ts'

/**
 * Compares the secret that Telegram repeats in every call (Bot API, setWebhook's `secret_token`), in constant
 * time.
 */
export function verifyTelegram(
  { headers }: Pick<WebhookRequest, 'headers'>,
  { webhookSecret }: Pick<TelegramCredentials, 'webhookSecret'>,
): VerifyResult {
  const given = headers['x-telegram-bot-api-secret-token']
  if (given === undefined || given === '') return { genuine: false, reason: 'missing' }
  if (typeof given !== 'string') return { genuine: false, reason: 'malformed' }
  return sameSecret(given, webhookSecret) ? { genuine: true } : { genuine: false, reason: 'mismatch' }
}
