import type { KeyStore } from '@botyard/control-database/keys'
import { createGaugeGroup, type LiveKeyring } from '@botyard/service-kit'
import type { Registry } from 'prom-client'

/**
 * Registers `botyard_key_age_seconds{key}`: for how long the active key has sealed. When that began never
 * changes, so the database is asked once for a key, and no scrape waits for it.
 */
export function registerKeyAge(
  registry: Registry,
  keyring: Pick<LiveKeyring, 'keys'>,
  store: Pick<KeyStore, 'list'>,
): void {
  const beganAtMs = new Map<string, number>()
  let isAsking = false

  const gauge = createGaugeGroup(registry, async () => {
    const active = keyring.keys().find(key => key.active)!
    const beganMs = beganAtMs.get(active.fingerprint)
    if (beganMs === undefined) ask()
    else age.set({ key: active.id }, Math.max(0, Date.now() - beganMs) / 1000)
  })
  const age = gauge('botyard_key_age_seconds', 'For how long the active key of KEYRING has sealed.', ['key'])

  function ask(): void {
    if (isAsking) return
    isAsking = true
    store
      .list()
      .then(ages => {
        for (const { fingerprint, firstActiveAt } of ages)
          if (firstActiveAt !== null) beganAtMs.set(fingerprint, firstActiveAt.getTime())
      })
      .catch(() => {
        // The control database is away: the next scrape asks again.
      })
      .finally(() => {
        isAsking = false
      })
  }
}
