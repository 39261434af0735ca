import { textAt } from '../json/value-at.ts'

/** Where a webhook event belongs, and the channel to answer in if that is another. */
export interface Place {
  readonly conversation: string
  readonly route?: { readonly channel: string }
}

/**
 * A message's lobby, which alone is named when it is deleted, otherwise its channel; a guild, or whom it is
 * about. A lobby may be linked to a channel of a guild, where bots can write.
 */
export function placeOfEvent(data: unknown, user: string | undefined): Place {
  const channel = textAt(data, 'channel_id')
  const lobby = textAt(data, 'lobby_id')
  if (lobby !== undefined) {
    const linked = channel !== undefined && channel !== lobby
    return { conversation: `lobby:${lobby}`, ...(linked && { route: { channel } }) }
  }
  if (channel !== undefined) return { conversation: channel }
  const guild = textAt(data, 'guild', 'id') ?? (user === undefined ? textAt(data, 'guild_id') : undefined)
  if (guild !== undefined) return { conversation: `guild:${guild}` }
  return { conversation: user === undefined ? 'bot' : `user:${user}` }
}
