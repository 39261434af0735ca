/**
 * The id of one recipient's message: the same from any process that releases it, so that the outbox drops
 * what was released before.
 */
export function broadcastMessageId(broadcast: string, n: number): string {
  return `broadcast-${broadcast}.${n}`
}
