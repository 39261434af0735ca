/** Broadcasts: what the admin app uploads, and what workers release and settle. */
export type { Broadcast, BroadcastMessage, LeasedBroadcast, Recipient } from './broadcast.ts'
export { type BroadcastStore, createBroadcastStore } from './broadcast-store.ts'
