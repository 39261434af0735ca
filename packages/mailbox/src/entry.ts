/** One entry of a mailbox: layout in `lua/common.lua`. */
export interface Entry {
  /** When Redis stored it, Unix ms of Redis's clock. */
  readonly acceptedAtMs: number
  /** Keyed hash of the update's id, 16 bytes; tells entries of one conversation apart without naming the update. */
  readonly hash: Buffer
  /** The sealed payload. */
  readonly body: Buffer
}

const hashOffset = 12
const bodyOffset = hashOffset + 16

/** Reads an entry as it lies in the list. */
export function readEntry(entry: Buffer): Entry {
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

/** The part of an entry that is the sender's: the hash, then the sealed payload. */
export function entryBlob(hash: Buffer, body: Buffer): Buffer {
  return Buffer.concat([hash, body])
}
