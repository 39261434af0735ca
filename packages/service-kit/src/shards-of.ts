import type { Static, TObject } from 'typebox'
import type { shardsConfig } from './config-fragments.ts'
import { ConfigError } from './errors.ts'

type Variables = Static<TObject<typeof shardsConfig>>

/**
 * The shards that the configuration names, in either form; `undefined` if in none. Throws `ConfigError` for
 * both or for doubles.
 */
export function shardsOf(config: Variables): NonNullable<Variables['SHARDS']> | undefined {
  const { SHARDS, SHARD_DATABASE_URLS } = config
  if (SHARDS && SHARD_DATABASE_URLS)
    throw new ConfigError(['SHARDS and SHARD_DATABASE_URLS: set one of them'])
  const shards = SHARDS ?? SHARD_DATABASE_URLS?.map((url, i) => ({ id: `shard-${i + 1}`, hosts: [url] }))
  if (shards && new Set(shards.map(shard => shard.id)).size < shards.length) {
    throw new ConfigError(['SHARDS names two shards alike: every shard has an id of its own'])
  }
  return shards
}
