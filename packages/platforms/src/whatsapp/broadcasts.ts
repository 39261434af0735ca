import type { BroadcastMethods } from '../send/broadcast-methods.ts'

/**
 * What a broadcast may send: the message types of the Cloud API but reactions, and no receipts (`status`).
 */
export const whatsappBroadcasts: BroadcastMethods = {
  nameOf: native => ('status' in native ? 'status' : String(native.type ?? 'text')),
  allowed: new Set([
    'text',
    'image',
    'audio',
    'video',
    'document',
    'sticker',
    'location',
    'contacts',
    'interactive',
    'template',
  ]),
  address: ['to', 'recipient', 'recipient_type'],
}
