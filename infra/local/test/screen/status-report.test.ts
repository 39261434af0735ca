import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MetricsPage } from '../../src/screen/metrics-page.ts'
import { type Sighting, statusReport } from '../../src/screen/status-report.ts'
import type { Terminal } from '../../src/screen/terminal.ts'

const plain = (text: string) => text
const terminal = { bold: plain, dim: plain, green: plain, red: plain } as Terminal

function sighting(atMs: number, gateway: string, worker?: string): Sighting {
  const app = (text: string | undefined) => ({
    ready: text !== undefined,
    page: text === undefined ? undefined : new MetricsPage(text),
  })
  return { atMs, apps: { gateway: app(gateway), worker: app(worker), admin: app('') } }
}

test('sums go over labels, and quantiles over what was observed in between', () => {
  const before = new MetricsPage(
    'a_seconds_bucket{le="0.1"} 5\na_seconds_bucket{le="1"} 5\na_seconds_bucket{le="+Inf"} 5',
  )
  const after = new MetricsPage(
    '# HELP a_seconds x\na_seconds_bucket{le="0.1"} 6\na_seconds_bucket{le="1"} 105\na_seconds_bucket{le="+Inf"} 105\n' +
      'b{x="1",y="a\\"b"} 2\nb{x="2"} 3.5\nnot a sample\n',
  )

  assert.equal(after.sum('b'), 5.5)
  assert.equal(
    after.sum('b', ({ y }) => y === 'a\\"b'),
    2,
  )
  assert.equal(after.max('b'), 3.5)
  assert.equal(after.quantile('a_seconds', 0.005, before), 0.1)
  assert.equal(after.quantile('a_seconds', 0.5, before), 1)
  assert.equal(after.quantile('c', 0.5, before), undefined)
})

test('rates are per second since the sighting before, and a restarted app counts as none', () => {
  const received = 'botyard_updates_received_total{platform="telegram",outcome="accepted"}'
  const handled = 'botyard_updates_handled_total{platform="telegram",outcome="ok"}'
  const before = sighting(0, `${received} 100`, `${handled} 500`)
  const now = sighting(2000, `${received} 1100`, `${handled} 3`)

  const report = statusReport(before, now, terminal).join('\n')

  assert.match(report, /accepted +500 \/s/)
  assert.match(report, /handled +0 \/s/)
})

test('a bot with mail whose handler no worker has is named', () => {
  const missing = 'botyard_bot_without_handler{bot="shop",handler="shop-v2"}'

  const report = (value: number) =>
    statusReport(sighting(0, ''), sighting(2000, '', `${missing} ${value}`), terminal).join('\n')

  assert.match(report(1), /no code +the mail of shop waits: no worker has its handler shop-v2/)
  assert.doesNotMatch(report(0), /shop-v2/)
})

test('an app that does not answer is said to be so', () => {
  const report = statusReport(sighting(0, ''), sighting(2000, ''), terminal).join('\n')

  assert.match(report, /● worker does not answer/)
})
