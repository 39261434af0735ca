import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { createServer } from 'node:tls'
import type { KeyAge } from '@botyard/control-database/keys'
import { createLatch, testTls, until } from '@botyard/testkit'
import { Registry } from 'prom-client'
import { watchCertificates } from '../src/certificates/watch-certificates.ts'
import { registerKeyAge } from '../src/keys/key-age-metrics.ts'

const valuesOf = async (registry: Registry, name: string) =>
  (await registry.getMetricsAsJSON()).find(metric => metric.name === name)?.values ?? []

test('the end of a certificate is that of the one which its address shows, be it trusted or not', async t => {
  const cert = readFileSync(testTls.cert)
  const server = createServer({ cert, key: readFileSync(testTls.key) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const registry = new Registry()
  const { port } = server.address() as AddressInfo

  const watch = watchCertificates(registry, {
    public: `https://127.0.0.1:${port}`,
    redis: 'rediss://127.0.0.1:1',
  })
  t.after(() => watch.close())
  await watch.looked

  const values = await valuesOf(registry, 'botyard_certificate_expiry_timestamp_seconds')
  const expected = Date.parse(new X509Certificate(cert).validTo) / 1000
  assert.deepEqual(
    values.map(({ labels, value }) => [labels.of, value]),
    [['public', expected]],
  )
})

test('addresses without TLS have no certificate', async t => {
  const registry = new Registry()

  const watch = watchCertificates(registry, { public: 'http://127.0.0.1:1', redis: 'redis://127.0.0.1:1' })
  t.after(() => watch.close())
  await watch.looked

  assert.deepEqual(await valuesOf(registry, 'botyard_certificate_expiry_timestamp_seconds'), [])
})

test('a scrape tells the age of the active key and does not wait for the database', async () => {
  const registry = new Registry()
  const asked = createLatch()
  const rows: KeyAge[] = ['old', 'new'].map((fingerprint, i) => ({
    ...{ id: `k${i}`, fingerprint, firstSeenAt: new Date(0), lastActiveAt: null },
    firstActiveAt: new Date(Date.now() - (2 - i) * 1_000_000),
  }))
  let ring = [{ id: 'k0', fingerprint: 'old', active: true }]
  const store = { list: () => asked.wait().then(() => rows) }
  registerKeyAge(registry, { keys: () => ring }, store)
  const ages = async () =>
    (await valuesOf(registry, 'botyard_key_age_seconds')).map(({ labels, value }) => [
      labels.key,
      Math.round(value / 1000),
    ])

  assert.deepEqual(await ages(), [])
  asked.open()
  await until(async () => (await ages()).length > 0)
  assert.deepEqual(await ages(), [['k0', 2]])
  ring = [{ id: 'k1', fingerprint: 'new', active: true }]
  assert.deepEqual(await ages(), [['k1', 1]])
})
