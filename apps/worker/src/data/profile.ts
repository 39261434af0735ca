import { type BotUser, DataConflictError, DataError } from '@botyard/bot-kit'
import type { Cache } from '@botyard/cache'
import { createUserStore, type ShardDatabase, type User, type UserName } from '@botyard/shard-routing'
import type { CountWrite } from './data-metrics.ts'
import { storable } from './storable.ts'
import type { WriteNames } from './write-names.ts'

/** What is cached of a user. */
type Known = Pick<User, 'profile' | 'version'>

/** Somebody wins each time, so as many can change one profile at once. */
export const maxTries = 30

/**
 * A user's profile: read through the cache, written to the shard, and known everywhere before the write is
 * answered.
 */
export function createProfile(options: {
  db: ShardDatabase
  cache: Pick<Cache, 'remember' | 'invalidate'>
  name: UserName
  ttlMs: number
  writes: WriteNames
  count: CountWrite
}): Pick<BotUser, 'get' | 'update'> {
  const { db, cache, name, ttlMs, writes, count } = options
  const users = createUserStore(db)
  const key = JSON.stringify([name.platform, name.scope, name.user])

  async function load(): Promise<Known> {
    const { profile, version } = (await users.meet(name)).user
    return { profile, version }
  }
  const known = () => cache.remember(key, { ttlMs }, load)
  const tellAll = () => cache.invalidate({ keys: [key] })

  return {
    get: async () => (await known()).profile,

    async update(patch) {
      const write = writes.next('profile')
      let { profile, version } = await known()
      for (let tries = 0; tries < maxTries; tries++) {
        const wanted = { ...profile, ...(typeof patch === 'function' ? patch(profile) : patch) }
        const change = await users.update(name, {
          profile: storable(wanted, refuse),
          expected: version,
          write,
        })
        switch (change.status) {
          case 'updated':
            count('profile', 'done')
            await tellAll()
            return change.user.profile
          case 'repeated':
            count('profile', 'repeated')
            // The run that wrote may have died before it told.
            await tellAll()
            return (await known()).profile
          default:
            count('profile', 'conflict')
            ;({ profile, version } = await load())
        }
      }
      throw new DataConflictError('The profile')
    },
  }
}

function refuse(reason: string): Error {
  return new DataError(`The profile cannot be kept: ${reason}`)
}
