/**
 * The keys of one cache under one epoch; the hash tag keeps them in one Redis Cluster slot, as its scripts
 * need.
 */
export interface CacheKeys {
  /** Generation, changes and members. */
  readonly state: string
  /** Where an entry lies, by its keyed name. */
  entry(name: string): string
  /** A tag's key is this and its keyed name. */
  readonly tags: string
}

/** The keys of a namespace; `epoch` names the start of the Redis server that they belong to. */
export function cacheKeys(namespace: string, epoch: string): CacheKeys {
  const base = `botyard:cache:{${namespace}}:${epoch}`
  return { state: base, entry: name => `${base}:e:${name}`, tags: `${base}:t:` }
}

/** Changes of a namespace are published here: `<generation> <number> <writer> <names, by commas>`. */
export function noticeChannel(namespace: string): string {
  return `botyard:cache:{${namespace}}:changes`
}

/** Acknowledgements for one writing process: `<generation> <member> <number>`. */
export function acknowledgementChannel(namespace: string, writer: string): string {
  return `botyard:cache:{${namespace}}:acknowledged:${writer}`
}

/** Where a session lies, by its keyed name. */
export function sessionKey(name: string): string {
  return `botyard:session:${name}`
}
