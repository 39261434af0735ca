/** What the noisy bot's handler takes, and how many of its chats wait. */
export interface Flood {
  readonly handlerMs: number
  readonly chats: number
}

export const floodNames = ['50ms', '1s'] as const
export type FloodName = (typeof floodNames)[number]

/**
 * The two that the core was measured by: more chats than the worker gets through in time, and handlers that
 * hold its places.
 */
export const floods: Readonly<Record<FloodName, Flood>> = {
  '50ms': { handlerMs: 50, chats: 50_000 },
  '1s': { handlerMs: 1_000, chats: 8_000 },
}
