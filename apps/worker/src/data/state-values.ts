import { DataConflictError, DataError, type StateValues } from '@botyard/bot-kit'
import { createStateStore, type ShardDatabase, type StateChange } from '@botyard/shard-routing'
import type { CountWrite } from './data-metrics.ts'
import { maxTries } from './profile.ts'
import { storable } from './storable.ts'
import type { WriteNames } from './write-names.ts'

/** The durable values of one owner, each change done once in all runs of an update. */
export function createStateValues(options: {
  /** The shard of `key`. */
  db: ShardDatabase
  key: bigint
  /** The keyed name of the user or the conversation. */
  owner: string
  of: 'user' | 'conversation'
  writes: WriteNames
  count: CountWrite
}): StateValues {
  const { db, key, owner, of, writes, count } = options
  const store = createStateStore(db, { key, owner })
  const write = (name: string) => writes.next(`state.${of}.${name}`)
  const noted = (change: StateChange) => {
    count('state', outcomes[change.status])
    return change.status
  }
  const read = async <T>(name: string) => (await store.get(name))?.value as T | undefined

  return {
    get: name => read(name),

    async set(name, value) {
      if (value === undefined) throw refuse(name, 'it is undefined: delete it instead')
      noted(
        await store.set(
          name,
          storable(value, reason => refuse(name, reason)),
          { write: write(name) },
        ),
      )
    },

    async update<T>(name: string, change: (value: T | undefined) => T | undefined) {
      const id = write(name)
      for (let tries = 0; tries < maxTries; tries++) {
        const known = await store.get(name)
        const wanted = storable(change(known?.value as T | undefined), reason => refuse(name, reason))
        const how = { expected: known?.version ?? 0, write: id }
        const status = noted(
          await (wanted === undefined ? store.delete(name, how) : store.set(name, wanted, how)),
        )
        if (status === 'changed') return wanted
        if (status === 'repeated') return await read<T>(name)
      }
      throw new DataConflictError(`The value ${JSON.stringify(name)} of the ${of}'s state`)
    },

    async delete(name) {
      noted(await store.delete(name, { write: write(name) }))
    },
  }
}

const outcomes = { changed: 'done', repeated: 'repeated', outdated: 'conflict' } as const

function refuse(name: string, reason: string): Error {
  return new DataError(`The value ${JSON.stringify(name)} of the state cannot be kept: ${reason}`)
}
