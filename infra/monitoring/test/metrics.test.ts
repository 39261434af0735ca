import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { Registry } from 'prom-client'
import { filesOf, repository } from './monitoring-files.ts'

const page = readFileSync(join(repository, 'docs/metrics.md'), 'utf8')

/** Name and type of each row of the page's tables. */
const documented = new Map(
  [...page.matchAll(/^\| ((?:`[a-z_]+`(?:, )?)+) \| (counter|gauge|histogram) \|/gm)].flatMap(
    ([, names, type]) => [...names!.matchAll(/`([a-z_]+)`/g)].map(([, name]) => [name!, type!] as const),
  ),
)

/** Names of metrics that the source registers: literals, but for what else is called botyard_. */
const registered = new Set(
  globSync('{apps,packages}/*/src/**/*.ts', { cwd: repository, exclude: ['**/node_modules'] }).flatMap(file =>
    [...readFileSync(join(repository, file), 'utf8').matchAll(/'((?:botyard|process|nodejs)_[a-z_]+)'/g)].map(
      ([, name]) => name!,
    ),
  ),
)
/** Prefixes of what Postgres knows of us: a function, and what a move makes. */
const noMetrics = /^botyard_(fence|move_probe)$/

test('docs/metrics.md has every metric of the source, and no other', () => {
  const undocumented = [...registered].filter(name => !documented.has(name) && !noMetrics.test(name))

  assert.ok(documented.size > 70)
  assert.deepEqual(undocumented, [])
  assert.deepEqual(
    [...documented.keys()].filter(name => !registered.has(name)),
    [],
  )
})

for (const folder of ['prometheus/rules', 'grafana/dashboards']) {
  test(`every metric in ${folder} is one that the apps export`, () => {
    for (const { name, text } of filesOf(folder)) {
      const used = [...text.matchAll(/\b(?:botyard|process|nodejs)_[a-z_]+\b/g)].map(([metric]) => metric)
      assert.ok(used.length > 0, name)
      assert.deepEqual(
        used.filter(metric => !isExported(metric)),
        [],
        name,
      )
    }
  })
}

test('the bound of alerts and objectives is a bucket of both histograms, or shares would be guesses', async () => {
  const { gateway, worker } = await metricsOfApps()

  assert.match(gateway, /^botyard_ack_seconds_bucket\{le="0\.2",.*answered_by="gateway"\} 1$/m)
  assert.match(worker, /^botyard_update_age_at_reply_seconds_bucket\{le="0\.2",.*\} 1$/m)
})

test('what a dashboard takes from rules is recorded by them', () => {
  const recorded = filesOf('prometheus/rules').flatMap(({ text }) =>
    [...text.matchAll(/record: (\S+)/g)].map(([, name]) => name!),
  )
  const used = filesOf('grafana/dashboards').flatMap(({ text }) =>
    [...text.matchAll(/botyard:\w+:\w+/g)].map(([name]) => name),
  )

  assert.ok(used.length > 0)
  assert.deepEqual(
    used.filter(name => !recorded.includes(name)),
    [],
  )
})

/** What both apps export of one call and its reply. Apps are no packages: they are found by their address. */
async function metricsOfApps() {
  const importMetrics = async (app: string): Promise<Metrics> =>
    import(pathToFileURL(join(repository, `apps/${app}/src/metrics.ts`)).href)
  const [gateway, worker] = [new Registry(), new Registry()]
  ;(await importMetrics('ingest-gateway')).createMetrics(gateway).acknowledged!('telegram', 150, 'gateway')
  ;(await importMetrics('worker')).createMetrics(worker).replied!('telegram', 150)
  return { gateway: await gateway.metrics(), worker: await worker.metrics() }
}

interface Metrics {
  createMetrics(registry: Registry): Readonly<Record<string, (...args: unknown[]) => void>>
}

/** A histogram is exported under three names of its own. */
function isExported(name: string): boolean {
  const [, histogram] = /^(.+)_(?:bucket|count|sum)$/.exec(name) ?? []
  if (histogram !== undefined && documented.get(histogram) === 'histogram') return true
  return documented.has(name) && documented.get(name) !== 'histogram'
}
