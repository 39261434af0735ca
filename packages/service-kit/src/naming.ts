import { hash } from 'node:crypto'
import { type BotId, type ConversationKey, conversationKey, type Platform } from '@botyard/queue-contracts'
import { RecentMap } from './recent-map.ts'

/** Names for chats, users and updates from which nobody without the key can tell the platform's own ids. */
export interface Naming {
  /** `<bot id>/<22 characters>`; the same for ever, for the same key. */
  conversation(bot: BotId, platform: Platform, id: string): ConversationKey
  /** 22 characters; of a user as one bot sees it. */
  user(bot: BotId, platform: Platform, id: string): string
  /** 16 bytes; what duplicates are told by. */
  update(bot: BotId, id: string): Buffer
  /** 22 characters; of a key or tag of a cache. */
  cache(namespace: string, kind: 'key' | 'tag', text: string): string
}

/** HMAC-SHA256 is cut to 128 bits: a collision within one bot is expected after 2^64 names. */
const nameBytes = 16

/**
 * Names remembered of a generation, so that a busy chat costs a look-up; about 200 bytes each, two
 * generations.
 */
const remembered = 50_000

/** Makes the names of a deployment; `naming` is 32 secret bytes that never change. */
export function createNaming(naming: Buffer): Naming {
  const hmac = createHmacName(naming)
  const conversations = new RecentMap<ConversationKey>(remembered)
  const users = new RecentMap<string>(remembered)

  return {
    conversation(bot, platform, id) {
      // Unambiguous, here and below, because only the last part may hold a NUL.
      const message = `conversation\0${bot}\0${platform}\0${id}`
      const known = conversations.get(message)
      if (known !== undefined) return known
      const name = conversationKey(bot, hmac(message).toString('base64url'))
      conversations.set(message, name)
      return name
    },
    user(bot, platform, id) {
      const message = `user\0${bot}\0${platform}\0${id}`
      const known = users.get(message)
      if (known !== undefined) return known
      const name = hmac(message).toString('base64url')
      users.set(message, name)
      return name
    },
    update(bot, id) {
      return hmac(`update\0${bot}\0${id}`)
    },
    cache(namespace, kind, text) {
      return hmac(`cache\0${namespace}\0${kind}\0${text}`).toString('base64url')
    },
  }
}

/** SHA-256's. */
const blockBytes = 64
const digestBytes = 32
/** Longer messages are rare: no platform's id comes near. */
const roomBytes = 1024

/**
 * HMAC-SHA256 (RFC 2104) cut to 16 bytes, of two one-shot hashes: half of what `createHmac` takes, whose
 * object, and the memory of its digest outside the heap, cost more than the hashing. The key is at most a
 * block long.
 */
function createHmacName(key: Buffer): (message: string) => Buffer {
  const inner = Buffer.alloc(blockBytes + roomBytes)
  const outer = Buffer.alloc(blockBytes + digestBytes)
  for (let i = 0; i < blockBytes; i++) {
    inner[i] = (key[i] ?? 0) ^ 0x36
    outer[i] = (key[i] ?? 0) ^ 0x5c
  }
  const keyBlock = inner.subarray(0, blockBytes)

  return message => {
    // A UTF-16 unit is at most 3 bytes of UTF-8.
    const block =
      message.length * 3 <= roomBytes
        ? inner.subarray(0, blockBytes + inner.write(message, blockBytes))
        : Buffer.concat([keyBlock, Buffer.from(message)])
    // As text, a digest is not allocated outside the heap.
    outer.write(hash('sha256', block, 'binary'), blockBytes, 'latin1')
    return Buffer.from(hash('sha256', outer, 'binary').slice(0, nameBytes), 'latin1')
  }
}
