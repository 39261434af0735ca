/** Broadcasts: what the admin app uploads, and what workers release and settle. */
export {
  type Broadcast,
  type BroadcastMessage,
  type BroadcastStore,
  createBroadcastStore,
  type LeasedBroadcast,
  type Recipient,
} from './broadcast-store.ts'
