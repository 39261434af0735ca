import { postgresHostLabel } from '@botyard/service-kit'
import { createShardMapStore, keySpaceEnd, rangesOf } from '@botyard/shard-routing'
import type { MoveDeps } from '@botyard/shard-routing/moves'

/** Every registered shard with the keys that the map gives it; no user and no password of a host. */
export async function listShards({ control, shards }: Pick<MoveDeps, 'control' | 'shards'>) {
  const [list, map] = await Promise.all([shards.list(), createShardMapStore(control).current()])
  return {
    mapVersion: map?.version ?? null,
    shards: list.map(({ id, hosts }) => {
      const ranges = map ? rangesOf(map, id) : []
      const keys = ranges.reduce((sum, { from, to }) => sum + (to - from), 0n)
      return {
        id,
        hosts: hosts.map(postgresHostLabel),
        ranges: ranges.map(({ from, to }) => ({ from: String(from), to: String(to) })),
        share: Number((keys * 1_000_000n) / keySpaceEnd) / 1_000_000,
      }
    }),
  }
}
