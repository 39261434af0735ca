import type { BotId } from '@botyard/queue-contracts'
import { Gauge, type Registry } from 'prom-client'

/** The ways in that the gateway itself keeps open: asking again and again, or a socket. */
export type OwnIntake = 'polling' | 'socket'

/** When each bot that this process listens for was heard of last. */
export interface LastHeard {
  /** The platform has said something for this bot, be it that there is nothing new, or listening begins. */
  heard(bot: BotId, intake: OwnIntake): void
  /** This process listens for the bot no more. */
  ended(bot: BotId, intake: OwnIntake): void
}

/** A label for each of ten thousand bots would cost Prometheus more than it tells anybody. */
const botsShown = 50

/** Registers `botyard_last_heard_seconds{bot, intake}`: of the bots that are silent for longest. */
export function createLastHeard(registry: Registry, now: () => number = () => performance.now()): LastHeard {
  const heardAt = new Map<string, { bot: BotId; intake: OwnIntake; atMs: number }>()
  const nameOf = (bot: BotId, intake: OwnIntake) => `${intake} ${bot}`

  new Gauge({
    name: 'botyard_last_heard_seconds',
    help: 'Time since the platform last answered a poller or spoke on a socket, of the bots silent for longest.',
    labelNames: ['bot', 'intake'],
    registers: [registry],
    aggregator: 'max',
    collect() {
      this.reset()
      const longest = [...heardAt.values()].sort((a, b) => a.atMs - b.atMs).slice(0, botsShown)
      for (const { bot, intake, atMs } of longest) this.set({ bot, intake }, (now() - atMs) / 1000)
    },
  })

  return {
    heard: (bot, intake) => void heardAt.set(nameOf(bot, intake), { bot, intake, atMs: now() }),
    ended: (bot, intake) => void heardAt.delete(nameOf(bot, intake)),
  }
}
