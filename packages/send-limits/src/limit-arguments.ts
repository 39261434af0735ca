import type { Limit } from '@botyard/platforms'
import type { BotId } from '@botyard/queue-contracts'
import type { Naming } from '@botyard/service-kit'

/**
 * Names of limits, tenants and buckets as Redis may see them: 22 characters from which nobody can tell a
 * chat.
 */
export type HashName = (bot: BotId, name: string) => string

/** Makes the names; apart from those of updates by their first part. */
export function hashName(naming: Pick<Naming, 'update'>): HashName {
  return (bot, name) => naming.update(bot, `limit\0${name}`).toString('base64url')
}

/**
 * The two parts of a window's name, `<route>:<rest>`, split at the last colon: a bucket takes the place of
 * the route and leaves the rest, the id that a platform counts apart (Discord's major parameter).
 */
export function windowParts(name: string): [route: string, rest: string] {
  const colon = name.lastIndexOf(':')
  return colon < 0 ? [name, ''] : [name.slice(0, colon), name.slice(colon + 1)]
}

/**
 * One limit as `take.lua` wants it; error budgets have a script of their own. `reserved`: names of rates that
 * are charged already; `unasked`: how many messages left under a rate without asking.
 */
export function limitArguments(
  limit: Exclude<Limit, { kind: 'errors' }>,
  hash: (name: string) => string,
  reserved: readonly string[] = [],
  unasked: ReadonlyMap<string, number> = new Map(),
) {
  const name = hash(limit.name)
  switch (limit.kind) {
    case 'rate': {
      const { count, periodMs, burst, waits } = limit
      const kind = waits && reserved.includes(limit.name) ? 'reserved' : 'rate'
      const burstOrUnasked = waits ? Math.max(burst, 1) : (unasked.get(limit.name) ?? 0)
      return [kind, name, periodMs / count, burstOrUnasked, periodMs, waits ? 1 : 0]
    }
    case 'window':
      return ['window', name, ...windowParts(limit.name).map(hash), '', '']
    case 'pause':
      return ['pause', name, '', '', '', '']
  }
}
