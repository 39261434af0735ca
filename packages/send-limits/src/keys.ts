import type { BotId, Platform } from '@botyard/queue-contracts'

/** The base of the keys of one bot's limits; its hash tag keeps them in one Redis Cluster slot. */
export function botBase(bot: BotId): string {
  return `botyard:send:{${bot}}`
}

/** What is known of a bot's credentials having been refused. */
export function healthKey(bot: BotId): string {
  return `${botBase(bot)}:health`
}

/** An error budget, which all bots of a platform share. */
export function errorsKey(platform: Platform, name: string): string {
  return `botyard:send-errors:${platform}:${name}`
}

/** The bots whose credentials were refused, by when; an index only, `healthKey` decides. */
export const unhealthyKey = 'botyard:send-unhealthy'
