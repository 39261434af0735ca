import { readRedisTarget } from '@botyard/service-kit/redis-target'
import { Gauge, type Registry } from 'prom-client'
import { readExpiry, type TlsAddress } from './read-expiry.ts'

const hourMs = 3_600_000

/** The urls of a deployment that may be TLS. */
export interface WatchedUrls {
  /** What platforms call. */
  readonly public: string
  readonly redis: string
}

/**
 * Looks every hour at the certificates that platforms and apps are shown, and tells when they end as
 * `botyard_certificate_expiry_timestamp_seconds{of}`. A look makes a new connection: those that stand know
 * only the certificate of their beginning. What does not answer keeps the last value.
 */
export function watchCertificates(
  registry: Registry,
  urls: WatchedUrls,
  everyMs = hourMs,
): { looked: Promise<void>; close(): Promise<void> } {
  const expiry = new Gauge({
    name: 'botyard_certificate_expiry_timestamp_seconds',
    help: 'When the certificate of an address ends, Unix seconds.',
    labelNames: ['of'],
    registers: [registry],
    aggregator: 'min',
  })
  const addresses = Object.entries(urls).flatMap(([of, url]) => {
    const address = tlsAddressOf(url)
    return address === undefined ? [] : [{ of, address }]
  })

  async function lookOnce(): Promise<void> {
    await Promise.all(
      addresses.map(({ of, address }) =>
        readExpiry(address).then(
          atMs => expiry.set({ of }, atMs / 1000),
          () => {
            // Not reachable from here, or away, which others tell.
          },
        ),
      ),
    )
  }

  let looked = lookOnce()
  const timer = setInterval(() => {
    looked = lookOnce()
  }, everyMs)
  return {
    get looked() {
      return looked
    },
    async close() {
      clearInterval(timer)
      await looked
    },
  }
}

/** Undefined for an url without TLS. */
function tlsAddressOf(url: string): TlsAddress | undefined {
  // Of sentinels and of a cluster the first.
  if (/^rediss/i.test(url)) return readRedisTarget(url).hosts[0]
  if (/^redis/i.test(url)) return undefined
  const { protocol, hostname, port } = new URL(url)
  if (protocol !== 'https:') return undefined
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port) }
}
