import type { Platform } from '@botyard/queue-contracts'

/**
 * Platforms that send a call again, for hours, when it is answered 503. Not here, because a call that is
 * refused is lost: Discord's interactions (their answer is in the call, and is awaited for 3 s), LINE unless
 * its owner has turned redelivery on, GitHub (by hand only), Mattermost; and those that publish little about
 * it or try again for minutes at the most: Teams, Google Chat, Twilio, Viber, Zulip.
 */
const redelivering: ReadonlySet<Platform> = new Set([
  'custom',
  'instagram',
  'messenger',
  'slack',
  'telegram',
  'whatsapp',
])

/** Whether the platform brings this call again, told before its body is read. */
export function isRedelivered(platform: Platform, contentType: string | undefined): boolean {
  // Slack's events are JSON; its commands and buttons are forms, and are not sent again.
  if (platform === 'slack' && !contentType?.startsWith('application/json')) return false
  return redelivering.has(platform)
}
