import { hash, timingSafeEqual } from 'node:crypto'
import type { Verdict, WebhookRequest } from '../adapter.ts'
import type { TelegramCredentials } from './credentials.ts'

/**
 * Compares the secret that Telegram repeats in every call (Bot API, setWebhook's `secret_token`). Both sides are hashed
 * first: equal lengths are what the constant-time comparison needs, and so the length does not leak either.
 */
export function verifyTelegram(
  { headers }: Pick<WebhookRequest, 'headers'>,
  { webhookSecret }: Pick<TelegramCredentials, 'webhookSecret'>,
): Verdict {
  const given = headers['x-telegram-bot-api-secret-token']
  if (given === undefined || given === '') return { genuine: false, reason: 'missing' }
  if (typeof given !== 'string') return { genuine: false, reason: 'malformed' }
  return timingSafeEqual(sha256(given), sha256(webhookSecret))
    ? { genuine: true }
    : { genuine: false, reason: 'mismatch' }
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
