import type { NormalisedUpdate, PlatformAdapter } from '@botyard/platforms'
import type { Platform } from '@botyard/queue-contracts'
import type { Logger } from 'pino'
import type { GatewayMetrics } from './metrics.ts'

/** Notes an update whose type of event the adapter does not know: it became `other`, and an operator should see that. */
export type NoteUnclassified = (
  adapter: Pick<PlatformAdapter, 'platform' | 'events'>,
  update: Pick<NormalisedUpdate, 'event'>,
) => void

/** Names that are logged of one platform: they come from outside. */
const mostNames = 50
const longestName = 64

/** Counts every such update, and logs each type once in the life of the process. */
export function createNoteUnclassified(deps: {
  metrics: Pick<GatewayMetrics, 'unclassified'>
  logger: Logger
}): NoteUnclassified {
  const { metrics, logger } = deps
  const logged = new Map<Platform, Set<string>>()

  return ({ platform, events }, { event }) => {
    if (event === undefined || events === undefined || events.has(event)) return
    metrics.unclassified(platform)
    const names = logged.get(platform) ?? new Set()
    logged.set(platform, names)
    const name = clean(event)
    if (names.has(name) || names.size >= mostNames) return
    names.add(name)
    logger.info({ platform, event: name }, 'unknown type of event: such updates reach the bot as kind other')
  }
}

/** What a log can hold of a name from outside. */
function clean(event: string): string {
  return event.slice(0, longestName).replace(/[^\w.:/-]/g, '?')
}
