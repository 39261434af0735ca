import { createKeyStore } from '@botyard/control-database/keys'
import fp from 'fastify-plugin'
import type { Registry } from 'prom-client'
import { type WatchedUrls, watchCertificates } from '../certificates/watch-certificates.ts'
import { registerKeyAge } from '../keys/key-age-metrics.ts'

/** Whose age is told, and where. */
export interface AgesOptions {
  readonly urls: WatchedUrls
  readonly registry: Registry
}

/** Tells the age of what must be replaced in time: the active key, and certificates. */
export default fp<AgesOptions>(
  async function ages(app, { urls, registry }) {
    registerKeyAge(registry, app.keyring, createKeyStore(app.controlDatabase))
    const certificates = watchCertificates(registry, urls)
    app.addHook('onClose', () => certificates.close())
  },
  { name: 'ages', fastify: '5.x', dependencies: ['keyring', 'control-database'] },
)
