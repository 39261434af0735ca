import { OnceError, type UserData } from '@botyard/bot-kit'
import { createOnceResultStore, type Shards } from '@botyard/shard-routing'
import type { CountWrite } from './data-metrics.ts'
import { storable } from './storable.ts'
import type { WriteNames } from './write-names.ts'

/** Another run of the update did the step at the same time: what this one wrote is rolled back. */
class DoneElsewhereError extends Error {}

/**
 * Steps of one update whose results are stored in the transactions that they write in, on the shard of `key`.
 */
export function createOnceInDb(options: {
  shards: Pick<Shards, 'transaction'>
  key: bigint
  writes: WriteNames
  count: CountWrite
}): UserData['onceInDb'] {
  const { shards, key, writes, count } = options
  const running = new Map<string, Promise<unknown>>()

  async function run<R>(name: string, step: Parameters<UserData['onceInDb']>[1]): Promise<R> {
    const write = writes.of(`once:${name}`)
    let repeated = false
    const once = () =>
      shards.transaction(key, async trx => {
        const results = createOnceResultStore(trx, key)
        const known = await results.get(write)
        repeated = known !== undefined
        if (known) return known.result
        // An object around the value, because JSON has no undefined.
        const result = storable({ value: await step(trx) }, reason => notJson(name, reason))
        if (!(await results.insert(write, result))) throw new DoneElsewhereError()
        return result
      })
    const result = await once().catch(error => {
      if (error instanceof DoneElsewhereError) return once()
      throw error
    })
    count('step', repeated ? 'repeated' : 'done')
    return (result as { value: R }).value
  }

  return function onceInDb<R>(name: string, step: Parameters<UserData['onceInDb']>[1]): Promise<R> {
    const shared = running.get(name)
    if (shared !== undefined) return shared as Promise<R>
    const result = run<R>(name, step)
    running.set(name, result)
    // A step that failed may be tried again within the same handler.
    result.catch(() => running.delete(name))
    return result
  }
}

function notJson(name: string, reason: string): Error {
  return new OnceError(
    `The step ${JSON.stringify(name)} is rolled back, its result cannot be remembered: ${reason}`,
  )
}
