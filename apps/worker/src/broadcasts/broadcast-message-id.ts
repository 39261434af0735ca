/** The id of one recipient's message: the same whoever releases it, so that the outbox drops what was released before. */
export function broadcastMessageId(broadcast: string, n: number): string {
  return `broadcast-${broadcast}.${n}`
}
