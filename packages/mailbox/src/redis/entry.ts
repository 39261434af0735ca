/** One entry of a mailbox: layout in `lua/common.lua`. */
export interface Entry {
  /** When it was stored, Unix ms: its sender's clock, if that is Redis's within a second, else Redis's. */
  readonly acceptedAtMs: number
  /**
   * Keyed hash of the update's id, 16 bytes; tells entries of one conversation apart without naming the
   * update.
   */
  readonly hash: Buffer
  /** The sealed payload. */
  readonly body: Buffer
}

const hashOffset = 12
const bodyOffset = hashOffset + 16

/**
 * Reads an entry as it lies in the list. One that is too short to be an entry is read as one without a body.
 */
export function readEntry(entry: Buffer): Entry {
  if (entry.length < bodyOffset) return { acceptedAtMs: 0, hash: Buffer.alloc(16), body: Buffer.alloc(0) }
  return {
    acceptedAtMs: entry.readUIntBE(0, 6),
    hash: entry.subarray(hashOffset, bodyOffset),
    body: entry.subarray(bodyOffset),
  }
}

/** The size of the entry that a mail was read from, in bytes. */
export function entryBytes({ hash, body }: Pick<Entry, 'hash' | 'body'>): number {
  return hashOffset + hash.length + body.length
}

/**
 * A new entry, due at once. Its time is this process's, which the script corrects if it is not Redis's within
 * a second.
 */
export function newEntry(hash: Buffer, body: Buffer): Buffer {
  const entry = Buffer.allocUnsafe(bodyOffset + body.length)
  entry.writeUIntBE(Date.now(), 0, 6)
  entry.writeUIntBE(0, 6, 6)
  entry.set(hash, hashOffset)
  entry.set(body, bodyOffset)
  return entry
}
