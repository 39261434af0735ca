const maxRetryAfterSeconds = 3600

/**
 * Seconds until Telegram delivers again after `failures` (from 1) in a row: at once, then 2, 4, 8 … up to the
 * cap (random, 60 to 120). A numeric `Retry-After` of the answer goes first. Source: tdlib/telegram-bot-api,
 * WebhookActor.cpp.
 */
export function retryDelaySeconds(
  failures: number,
  retryAfter: string | undefined,
  capSeconds: number,
): number {
  if (retryAfter !== undefined && /^\d+$/.test(retryAfter))
    return Math.min(Number(retryAfter), maxRetryAfterSeconds)
  return failures <= 1 ? 0 : Math.min(2 ** (failures - 1), capSeconds)
}
