import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { NetworkOptions } from '../adapter.ts'
import { callApi } from '../http/call-api.ts'
import { jsonOf, textAt, valueAt } from '../json/value-at.ts'

/** A public key of a platform. */
export interface SigningKey {
  readonly key: KeyObject
  /** The channels the key may sign for, where its set says (Bot Framework). */
  readonly endorsements: readonly string[] | undefined
}

/** Where a platform publishes its keys: an OpenID document that names the set, or the set itself. */
export interface KeySource {
  readonly url: string
  readonly openId: boolean
}

/** Sets of a few keys; the largest known has some dozens with their endorsements. */
const maxSetBytes = 1024 * 1024

/** The keys of a source by their ids, or undefined if it cannot be read. Never rejects. */
export async function fetchKeys(
  source: KeySource,
  network: NetworkOptions,
): Promise<Map<string, SigningKey> | undefined> {
  let { url } = source
  if (source.openId) {
    const named = textAt(await fetchJson(url, network), 'jwks_uri')
    if (named === undefined) return undefined
    url = named
  }
  return keysOf(await fetchJson(url, network))
}

async function fetchJson(url: string, network: NetworkOptions): Promise<unknown> {
  const got = await callApi({ method: 'GET', url, maxAnswerBytes: maxSetBytes }, network)
  return 'answer' in got && got.answer.status === 200 ? jsonOf(got.answer.body) : undefined
}

/** Reads a JWKS, or Google's object of PEM certificates by key id; keys of other kinds are passed over. */
function keysOf(set: unknown): Map<string, SigningKey> | undefined {
  if (typeof set !== 'object' || set === null) return undefined
  const keys = new Map<string, SigningKey>()
  const list = valueAt(set, 'keys')
  if (Array.isArray(list)) {
    for (const jwk of list)
      addKey(keys, textAt(jwk, 'kid'), () => publicKey(jwk), valueAt(jwk, 'endorsements'))
  } else {
    for (const [id, pem] of Object.entries(set)) addKey(keys, id, () => createPublicKey(String(pem)))
  }
  return keys.size > 0 ? keys : undefined
}

function publicKey(jwk: JsonWebKey): KeyObject {
  return createPublicKey({ key: jwk, format: 'jwk' })
}

function addKey(
  keys: Map<string, SigningKey>,
  id: string | undefined,
  read: () => KeyObject,
  endorsements?: unknown,
) {
  if (id === undefined) return
  try {
    const key = read()
    if (key.asymmetricKeyType !== 'rsa') return
    keys.set(id, { key, endorsements: Array.isArray(endorsements) ? endorsements.map(String) : undefined })
  } catch {
    // One key that cannot be read leaves the others good.
  }
}
