import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTimelineStore } from '../src/shards/timeline-store.ts'
import { controlDatabases } from './control-databases.ts'

const databases = controlDatabases()

test('the control database remembers the highest timeline of each cluster, whoever is late with a lower one', async t => {
  const store = createTimelineStore(await databases.migrated(t))

  assert.equal(await store.highest('s1', 'a'), 0)
  await Promise.all([store.raise('s1', 'a', 2), store.raise('s1', 'a', 3), store.raise('s1', 'b', 1)])
  await store.raise('s1', 'a', 1)

  assert.equal(await store.highest('s1', 'a'), 3)
  assert.equal(await store.highest('s1', 'b'), 1)
  assert.equal(await store.highest('s2', 'a'), 0)
})
