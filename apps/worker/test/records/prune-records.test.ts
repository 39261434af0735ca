import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Shards } from '@botyard/shard-routing'
import { pruneRecords } from '../../src/records/prune-records.ts'

test('shards whose old results stay are named, with the cause of the first', async () => {
  const away = new Error('away')
  const results: Awaited<ReturnType<Shards['each']>> = [
    { shard: 'shard-1', status: 'failed', error: away },
    { shard: 'shard-2', status: 'ok', value: 7 },
    { shard: 'shard-3', status: 'failed', error: new Error('statement timeout') },
  ]
  const userShards = { each: async () => results } as unknown as Pick<Shards, 'each'>
  const store = { prune: async () => 0 }

  const pruned = pruneRecords({ broadcasts: store, deadLetters: store, userShards }, Date.now())

  const [failed, ...others] = (await Promise.allSettled(pruned)).filter(({ status }) => status === 'rejected')
  assert.equal(others.length, 0)
  const { message, cause } = (failed as PromiseRejectedResult).reason as Error
  assert.match(message, /shard-1, shard-3/)
  assert.equal(cause, away)
})
