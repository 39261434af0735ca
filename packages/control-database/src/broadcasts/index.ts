/** Broadcasts: uploaded by the admin app, released and settled by workers. */
export type { Broadcast, BroadcastMessage, LeasedBroadcast, Recipient } from './broadcast.ts'
export { removeBroadcastsOf } from './broadcast-removals.ts'
export { type BroadcastStore, createBroadcastStore } from './broadcast-store.ts'
