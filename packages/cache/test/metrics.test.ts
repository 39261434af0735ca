import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Registry } from 'prom-client'
import { createCacheMetrics } from '../src/index.ts'
import { rig } from './rig.ts'

const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8')

test('every metric of a cache is counted and is in docs/metrics.md', async t => {
  const { open } = await rig(t)
  const registry = new Registry()
  const cache = await open({ metrics: createCacheMetrics(registry), namespace: 'counted' })
  await cache.leased()
  const sampleOf = async (name: string, labels: Record<string, string>) => {
    const { values } = await registry.getSingleMetric(name)!.get()
    return (
      values.find(value => Object.entries(labels).every(([label, text]) => value.labels[label] === text))
        ?.value ?? 0
    )
  }
  const hits = () =>
    sampleOf('botyard_cache_reads_total', { cache: 'counted', tier: 'memory', outcome: 'hit' })
  const before = await hits()

  await cache.remember('key', { ttlMs: 60_000 }, () => 1)
  for (let i = 0; i < 10; i++) await cache.remember('key', { ttlMs: 60_000 }, () => 2)
  const after = await hits()
  const entries = await sampleOf('botyard_cache_entries', { cache: 'counted' })
  await cache.invalidate({ keys: ['key'] })

  assert.equal(after - before, 10)
  assert.equal(await hits(), after, 'a scrape takes nothing away')
  assert.ok(entries >= 2)
  assert.ok((await sampleOf('botyard_cache_bytes', { cache: 'counted' })) > 0)
  assert.ok((await sampleOf('botyard_cache_fills_total', { cache: 'counted', outcome: 'stored' })) >= 2)
  assert.equal(await sampleOf('botyard_cache_changes_total', { cache: 'counted', outcome: 'lease_ended' }), 1)
  for (const { name } of await registry.getMetricsAsJSON()) assert.ok(page.includes(`\`${name}\``), name)
})
