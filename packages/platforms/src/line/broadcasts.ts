import { textAt } from '../json/value-at.ts'
import type { BroadcastMethods } from '../send/broadcast-methods.ts'

const messageTypes = new Set([
  'text',
  'textV2',
  'sticker',
  'image',
  'video',
  'audio',
  'location',
  'imagemap',
  'template',
  'flex',
])

/** What a broadcast may send: LINE's message objects, one or a request's `messages`. */
export const lineBroadcasts: BroadcastMethods = {
  nameOf({ messages, type }) {
    const types = Array.isArray(messages) ? messages.map(message => textAt(message, 'type')) : [type]
    return String(types.find(name => !messageTypes.has(String(name))) ?? types[0])
  },
  allowed: messageTypes,
  address: ['to'],
}
