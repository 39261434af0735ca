import type { NetworkOptions } from '../adapter.ts'
import { fetchKeys, type KeySource, type SigningKey } from './fetch-keys.ts'

/** A set is fetched anew in the background after an hour, so that a key that was withdrawn is forgotten. */
const freshMs = 60 * 60 * 1000
/** While the platform's keys cannot be fetched, those of the last day are good enough. */
const goodMs = 24 * 60 * 60 * 1000
/** An id that is not in the set makes it be fetched at most this often: anybody can send unknown ids. */
const unknownIdPauseMs = 30 * 1000
/** After a fetch that failed. */
const failurePauseMs = 1000
/** Callers wait in their own call for the keys. */
const fetchTimeoutMs = 3000
/** One a platform, and one a bot that names an address of its own. */
const maxSets = 1000

interface CachedSet {
  keys: Map<string, SigningKey> | undefined
  fetchedAtMs: number
  triedAtMs: number
  fetching: Promise<void> | undefined
}

const sets = new Map<string, CachedSet>()

/**
 * The key of an id in a set that is fetched, cached and kept fresh: an id it does not have is looked for once
 * more, as platforms change keys without a word. Concurrent callers share one fetch. Never rejects.
 */
export async function findKey(
  source: KeySource,
  id: string,
  { dispatcher }: NetworkOptions,
): Promise<SigningKey | 'unknown' | 'unavailable'> {
  const set = setOf(source)
  const refresh = () => (set.fetching ??= fetchInto(set, source, dispatcher))
  const ageMs = Date.now() - set.fetchedAtMs
  const idleMs = Date.now() - set.triedAtMs
  const known = ageMs < goodMs ? set.keys?.get(id) : undefined
  if (known) {
    // Never rejects: without an answer the set stays as it is.
    if (ageMs > freshMs && idleMs > unknownIdPauseMs) void refresh()
    return known
  }
  const usable = set.keys !== undefined && ageMs < goodMs
  if (set.fetching || idleMs > (usable ? unknownIdPauseMs : failurePauseMs)) await refresh()
  if (!set.keys || Date.now() - set.fetchedAtMs >= goodMs) return 'unavailable'
  const found = set.keys.get(id)
  if (found) return found
  // Whether the id is wrong or just new is not known while the set cannot be fetched.
  return set.fetchedAtMs >= set.triedAtMs ? 'unknown' : 'unavailable'
}

function setOf({ url, openId }: KeySource): CachedSet {
  const name = `${openId} ${url}`
  const kept = sets.get(name)
  if (kept) return kept
  if (sets.size >= maxSets) sets.clear()
  const set: CachedSet = { keys: undefined, fetchedAtMs: -goodMs, triedAtMs: -goodMs, fetching: undefined }
  sets.set(name, set)
  return set
}

/** The fetch is for all that wait, so it ends by its own time and not by the signal of the first. */
async function fetchInto(
  set: CachedSet,
  source: KeySource,
  dispatcher: NetworkOptions['dispatcher'],
): Promise<void> {
  const keys = await fetchKeys(source, { dispatcher, signal: AbortSignal.timeout(fetchTimeoutMs) })
  set.triedAtMs = Date.now()
  if (keys) {
    set.keys = keys
    set.fetchedAtMs = set.triedAtMs
  }
  set.fetching = undefined
}
