import type { Bot } from '@botyard/control-database'

/** What sends of broadcasts usually take, so that one that took longer tells how late it may have arrived. */
export interface UsualTimes {
  /** Notes a send's time in ms; answers how much of it is beyond the bot's usual one, 0 at the first. */
  beyond(bot: Bot, ms: number): number
}

/**
 * A bot's usual time is one that few of its sends are faster than: it falls quickly and rises slowly, so that
 * a moment in which all are slow does not become usual.
 */
export function createUsualTimes(): UsualTimes {
  const usual = new WeakMap<Bot, number>()
  return {
    beyond(bot, ms) {
      const before = usual.get(bot) ?? ms
      const now = before + (ms - before) * (ms < before ? 0.1 : 0.01)
      usual.set(bot, now)
      return Math.max(ms - now, 0)
    },
  }
}
