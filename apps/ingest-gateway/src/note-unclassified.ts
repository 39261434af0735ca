import type { PlatformAdapter } from '@botyard/platforms'
import type { Platform } from '@botyard/queue-contracts'
import type { Logger } from 'pino'
import type { GatewayMetrics } from './metrics.ts'

/**
 * Counts an update whose type of event the adapter does not know: it became `other`, and an operator should
 * see that.
 */
export type NoteUnclassified = (
  adapter: Pick<PlatformAdapter, 'platform' | 'events'>,
  event: string | undefined,
  metrics: Pick<GatewayMetrics, 'unclassified'>,
) => void

/** Names that are logged of one platform: they come from outside. */
const maxNames = 50
const maxNameLength = 64

/** Returns a function that also logs each unknown type once in the life of the process. */
export function createNoteUnclassified(logger: Logger): NoteUnclassified {
  const logged = new Map<Platform, Set<string>>()

  return ({ platform, events }, event, metrics) => {
    if (event === undefined || events === undefined || events.has(event)) return
    metrics.unclassified(platform)
    const names = logged.get(platform) ?? new Set()
    logged.set(platform, names)
    const name = printable(event)
    if (names.has(name) || names.size >= maxNames) return
    names.add(name)
    logger.info({ platform, event: name }, 'unknown type of event: such updates reach the bot as kind other')
  }
}

/** Makes a name from outside safe to log. */
function printable(event: string): string {
  return event.slice(0, maxNameLength).replace(/[^\w.:/-]/g, '?')
}
