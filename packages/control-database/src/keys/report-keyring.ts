import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { LiveKeyring } from '@botyard/service-kit'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { KeyStore } from './key-store.ts'
import { announceRing, withdrawRing } from './keyring-bus.ts'

/** A third of the lease. */
const tellEveryMs = 5_000
/** How often the control database hears of the keys again: an active one's last day is exact to this. */
const noteEveryMs = 60_000

/**
 * Tells the others which keys this process has and which one it seals with, at once after each change: so a
 * rotation goes on only when every process is ready for it. While Redis or the control database is away it
 * tries again; nothing waits for it.
 */
export function reportKeyring(options: {
  redis: Redis
  store: KeyStore
  keyring: Pick<LiveKeyring, 'keys' | 'onReplaced'>
  app: string
  logger: Logger
}): { close(): Promise<void> } {
  const { redis, store, keyring, app, logger } = options
  const member = `${app}@${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`
  let active = activeOf(keyring)
  let activeSince = performance.now()
  let noteAt = 0
  let telling: Promise<void> | undefined
  let again = false
  let closed = false

  async function tell(): Promise<void> {
    const keys = Object.fromEntries(keyring.keys().map(({ id, fingerprint }) => [id, fingerprint]))
    await announceRing(redis, {
      member,
      active,
      activeForMs: Math.round(performance.now() - activeSince),
      keys,
    })
  }

  async function note(): Promise<void> {
    if (performance.now() < noteAt) return
    const keys = keyring.keys()
    noteAt = performance.now() + noteEveryMs
    await store.note(keys).catch(error => {
      noteAt = 0
      throw error
    })
  }

  function reportSoon(): void {
    if (closed) return
    again = telling !== undefined
    telling ??= Promise.all([tell(), note()])
      .then(() => undefined)
      .catch(err => logger.debug({ err }, 'keyring not reported, will be'))
      .finally(() => {
        telling = undefined
        if (again) reportSoon()
      })
  }

  keyring.onReplaced(() => {
    const now = activeOf(keyring)
    if (now !== active) activeSince = performance.now()
    active = now
    noteAt = 0
    reportSoon()
  })
  redis.on('ready', reportSoon)
  const timer = setInterval(reportSoon, tellEveryMs)
  reportSoon()

  return {
    async close() {
      closed = true
      clearInterval(timer)
      redis.off('ready', reportSoon)
      await telling
      await withdrawRing(redis, member).catch(() => {
        // Redis is away: the lease ends by itself.
      })
    },
  }
}

function activeOf(keyring: Pick<LiveKeyring, 'keys'>): string {
  return keyring.keys().find(key => key.active)!.id
}
