import type { Bot } from '@botyard/control-database'
import type { InboundUpdate } from '@botyard/queue-contracts'

/**
 * Whether mail is that of an earlier bot of the same id, which was removed: its users' words, or the replies
 * to them, are not for the new bot.
 */
export function isOfPredecessor(
  { recreated, createdAt }: Pick<Bot, 'recreated' | 'createdAt'>,
  { receivedAtMs }: Pick<InboundUpdate, 'receivedAtMs'>,
): boolean {
  return recreated && receivedAtMs < createdAt.getTime()
}
