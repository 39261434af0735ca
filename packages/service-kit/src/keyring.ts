import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type DecipherGCM,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { KeyringError } from './errors.ts'
import type { KeySet } from './key-set.ts'
import { RecentMap } from './recent-map.ts'

/**
 * Encrypts and decrypts what lies in Redis and the control database. Synchronous: a call takes microseconds.
 */
export interface Keyring {
  /** Encrypts under the active key; `context` is not stored, and opening needs the same. */
  seal(plaintext: Buffer, context: string): Buffer
  /**
   * The plaintext, or a {@link KeyringError}: key not in the ring, changed bytes or other context, no
   * envelope.
   */
  open(envelope: Buffer, context: string): Buffer
  /** As `open`, of a large envelope, which holds the event loop up for no longer than a small one. */
  openInSlices(envelope: Buffer, context: string): Promise<Buffer>
}

/** A key of a ring, without the key. */
export interface RingKey {
  readonly id: string
  /** Seals; exactly one does. */
  readonly active: boolean
  /** 8 hex digits that tell two keys of one id apart, and nothing of their bytes. */
  readonly fingerprint: string
}

/** What became of a ring; ids. */
export interface KeyringChange {
  readonly active: string
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** A keyring whose keys are exchanged while it is in use. */
export interface LiveKeyring extends Keyring {
  keys(): readonly RingKey[]
  /**
   * From now on seals with the new active key and opens with the new keys; undefined if they are those it
   * has. Throws {@link KeyringError} and stays as it was: malformed, without its active key, or other bytes
   * under a known id (`KEY_REUSED`).
   */
  replace(keys: KeySet): KeyringChange | undefined
  /** Calls after every change. */
  onReplaced(listener: (change: KeyringChange) => void): void
}

/*
 * An envelope is: 1 byte version, 1 byte length of the key id, the key id, 16 bytes salt, 12 bytes nonce, the
 * ciphertext, 16 bytes tag. AES-256-GCM under HKDF-SHA256(key of that id, salt). The salt is random per
 * keyring and change of its active key, the nonce a counter: random nonces under one key are safe for 2^32
 * envelopes only, which is five days at 10,000 a second. Key id and salt need no authentication of their own,
 * because a change of either yields another key.
 */
const version = 1
const idOffset = 2
const saltBytes = 16
const nonceBytes = 12
const tagBytes = 16
const keyBytes = 32
const hkdfInfo = 'botyard/envelope/v1'

/** What is opened in one turn of the event loop: a quarter of a millisecond. */
const sliceBytes = 256 * 1024

/** Derived keys kept to read with: one for every process whose envelopes are still around. */
const derivedKeys = 512

/** What envelopes are made with: a key of this ring alone, and a counter that never runs back. */
interface Sealer {
  readonly key: KeyObject
  /** What every envelope begins with, the salt included. */
  readonly header: Buffer
  sealed: number
}

/**
 * Makes a keyring from its config; throws {@link KeyringError} `KEY_MALFORMED` when a key is not 32 bytes of
 * base64.
 */
export function createKeyring(keys: KeySet): LiveKeyring {
  const listeners: ((change: KeyringChange) => void)[] = []
  const nonce = Buffer.alloc(nonceBytes)
  let masters = readKeys(keys)
  let active = keys.active
  let sealer = createSealer(active, masters)
  let derived = new RecentMap<KeyObject>(derivedKeys)

  /** The key that an envelope's id and salt stand for; derived once, then remembered. */
  function keyOf(envelope: Buffer, saltOffset: number): KeyObject {
    const name = envelope.toString('latin1', idOffset, saltOffset + saltBytes)
    const known = derived.get(name)
    if (known !== undefined) return known
    const id = envelope.toString('utf8', idOffset, saltOffset)
    const master = masters.get(id)
    if (master === undefined) {
      throw new KeyringError(
        'KEY_UNKNOWN',
        `The key ${JSON.stringify(id)} is not in the keyring: add it to KEYRING`,
      )
    }
    const key = deriveKey(master, envelope.subarray(saltOffset, saltOffset + saltBytes))
    derived.set(name, key)
    return key
  }

  function begin(envelope: Buffer, context: string): { decipher: DecipherGCM; ciphertext: Buffer } {
    const idBytes = idBytesOf(envelope)
    const saltOffset = idOffset + idBytes
    const bodyOffset = saltOffset + saltBytes + nonceBytes
    const tagOffset = envelope.length - tagBytes
    if (idBytes === 0 || tagOffset < bodyOffset) {
      throw new KeyringError('KEY_MALFORMED', 'These bytes are no envelope that this build can read')
    }
    const key = keyOf(envelope, saltOffset)
    const decipher = createDecipheriv(
      'aes-256-gcm',
      key,
      envelope.subarray(saltOffset + saltBytes, bodyOffset),
      {
        authTagLength: tagBytes,
      },
    )
    decipher.setAAD(Buffer.from(context))
    decipher.setAuthTag(envelope.subarray(tagOffset))
    return { decipher, ciphertext: envelope.subarray(bodyOffset, tagOffset) }
  }

  return {
    keys: () =>
      [...masters].map(([id, key]) => ({ id, active: id === active, fingerprint: fingerprintOf(key) })),

    onReplaced: listener => void listeners.push(listener),

    replace(next) {
      const nextMasters = readKeys(next)
      const reused = [...nextMasters].find(([id, key]) => masters.get(id)?.equals(key) === false)
      if (reused !== undefined) {
        throw new KeyringError(
          'KEY_REUSED',
          `The key "${reused[0]}" has other bytes than before: a new key needs a new id`,
        )
      }
      const change: KeyringChange = {
        active: next.active,
        added: [...nextMasters.keys()].filter(id => !masters.has(id)),
        removed: [...masters.keys()].filter(id => !nextMasters.has(id)),
      }
      if (next.active === active && change.added.length + change.removed.length === 0) return undefined
      if (next.active !== active) sealer = createSealer(next.active, nextMasters)
      active = next.active
      masters = nextMasters
      // What was derived of a removed key must not open any more.
      if (change.removed.length > 0) derived = new RecentMap(derivedKeys)
      for (const listener of listeners) listener(change)
      return change
    },

    seal(plaintext, context) {
      const { key, header } = sealer
      nonce.writeUIntBE(++sealer.sealed, nonceBytes - 6, 6)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      cipher.setAAD(Buffer.from(context))
      const bodyOffset = header.length + nonceBytes
      const envelope = Buffer.allocUnsafe(bodyOffset + plaintext.length + tagBytes)
      envelope.set(header)
      envelope.set(nonce, header.length)
      envelope.set(cipher.update(plaintext), bodyOffset)
      cipher.final()
      envelope.set(cipher.getAuthTag(), bodyOffset + plaintext.length)
      return envelope
    },

    open(envelope, context) {
      const { decipher, ciphertext } = begin(envelope, context)
      const plaintext = decipher.update(ciphertext)
      end(decipher)
      return plaintext
    },

    async openInSlices(envelope, context) {
      const { decipher, ciphertext } = begin(envelope, context)
      const plaintext = Buffer.allocUnsafeSlow(ciphertext.length)
      for (let at = 0; at < ciphertext.length; at += sliceBytes) {
        if (at > 0) await nextTurn()
        plaintext.set(decipher.update(ciphertext.subarray(at, at + sliceBytes)), at)
      }
      end(decipher)
      return plaintext
    },
  }
}

/** Only now is it known whether the plaintext is what was sealed. */
function end(decipher: DecipherGCM): void {
  try {
    decipher.final()
  } catch (cause) {
    throw new KeyringError('KEY_TAMPERED', 'The envelope was changed, or is opened in another context', {
      cause,
    })
  }
}

/** The id of the key that an envelope is sealed with; undefined if these bytes are none. Opens nothing. */
export function keyIdOf(envelope: Buffer): string | undefined {
  const idBytes = idBytesOf(envelope)
  if (idBytes === 0 || envelope.length < idOffset + idBytes) return undefined
  return envelope.toString('utf8', idOffset, idOffset + idBytes)
}

/** 0 if it is no envelope of this version. */
function idBytesOf(envelope: Buffer): number {
  return envelope.length > idOffset && envelope[0] === version ? envelope[1]! : 0
}

function readKeys({ active, keys }: KeySet): ReadonlyMap<string, KeyObject> {
  const masters = new Map(Object.entries(keys).map(([id, key]) => [id, readKey(id, key)]))
  if (!masters.has(active))
    throw new KeyringError('KEY_UNKNOWN', `The active key "${active}" is not in the keyring`)
  return masters
}

/** A salt of its own each time, so that the counter may begin anew. */
function createSealer(active: string, masters: ReadonlyMap<string, KeyObject>): Sealer {
  const salt = randomBytes(saltBytes)
  const header = Buffer.concat([Buffer.from([version, Buffer.byteLength(active)]), Buffer.from(active), salt])
  return { key: deriveKey(masters.get(active)!, salt), header, sealed: 0 }
}

function fingerprintOf(master: KeyObject): string {
  return createHmac('sha256', master).update('botyard/fingerprint/v1').digest('hex').slice(0, 8)
}

/** A KeyObject rather than bytes: a cipher made from bytes costs three times as much. */
function readKey(id: string, text: string): KeyObject {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== keyBytes) {
    throw new KeyringError(
      'KEY_MALFORMED',
      `The key ${JSON.stringify(id)} is not ${keyBytes} bytes of base64`,
    )
  }
  return createSecretKey(bytes)
}

function deriveKey(master: KeyObject, salt: Buffer): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', master, salt, hkdfInfo, keyBytes)))
}
