import type { BroadcastMethods } from '../send/broadcast-methods.ts'

/** What a broadcast may send by the Send API: a `message`, and no `sender_action` or thread control. */
export const messagingBroadcasts: BroadcastMethods = {
  nameOf: native => ('message' in native ? 'message' : (Object.keys(native)[0] ?? 'nothing')),
  allowed: new Set(['message']),
  address: ['recipient'],
}
