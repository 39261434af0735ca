import { type BotProfile, createBotStore } from '@botyard/control-database'
import type { Platform } from '@botyard/queue-contracts'
import { type IdentifyDeps, identifyBot } from './identify-bot.ts'

/**
 * Learns who the bots are that nobody knows of: they were here before, or their platform could not be asked.
 */
export interface Identifying {
  close(): Promise<void>
}

/** What can be tuned. */
export interface IdentifyingOptions {
  readonly lookEveryMs?: number
  /** The pause after a first vain try, in ms; it doubles up to `maxPauseMs`. */
  readonly firstPauseMs?: number
}

type Unidentified = Pick<BotProfile, 'id' | 'platform' | 'version'>

/** When a bot's platform may be asked again. */
interface Pause {
  readonly version: number
  readonly tries: number
  readonly untilMs: number
}

const maxPauseMs = 10 * 60_000
const patienceMs = 5_000
/** Platforms asked at once: a slow one must not hold up all the others. */
const atOnce = 8

/**
 * Looks for such bots as long as the process runs. Each instance of the admin app does; it costs a platform a
 * call per instance and try, and an answer is stored once.
 */
export function startIdentifying(
  deps: IdentifyDeps,
  { lookEveryMs = 5_000, firstPauseMs = 5_000 }: IdentifyingOptions = {},
): Identifying {
  const { adapters, logger } = deps
  const platforms = (Object.keys(adapters) as Platform[]).filter(
    platform => adapters[platform].identify !== undefined,
  )
  const store = createBotStore(deps.db, deps.keyring)
  let pauses = new Map<string, Pause>()
  let looking: Promise<void> | undefined
  let away = false
  let closed = false

  async function look(): Promise<void> {
    const bots = await store.unidentified(platforms)
    away = false
    // What is identified, changed or removed by now is forgotten here.
    pauses = new Map(
      bots.flatMap(({ id, version }) => (pauses.get(id)?.version === version ? [[id, pauses.get(id)!]] : [])),
    )
    const due = bots.filter(({ id }) => (pauses.get(id)?.untilMs ?? 0) <= performance.now())
    while (due.length > 0 && !closed) await Promise.all(due.splice(0, atOnce).map(ask))
  }

  async function ask(bot: Unidentified): Promise<void> {
    try {
      const identified = await identifyBot(deps, bot, patienceMs)
      if (identified !== undefined && 'reason' in identified) pause(bot, identified)
    } catch (err) {
      pause(bot, { err })
    }
  }

  function pause({ id, version }: Unidentified, why: object): void {
    const tries = (pauses.get(id)?.tries ?? 0) + 1
    const isVain = 'status' in why && why.status === 'refused'
    const pauseMs = isVain ? maxPauseMs : Math.min(firstPauseMs * 2 ** (tries - 1), maxPauseMs)
    pauses.set(id, { version, tries, untilMs: performance.now() + pauseMs })
    logger.warn(
      { bot: id, tries, pauseMs, ...why },
      'the platform does not say who the bot is, it will be asked again',
    )
  }

  function lookSoon(): void {
    if (closed || looking !== undefined) return
    looking = look()
      .catch(err => {
        if (!away) logger.warn({ err }, 'bots to identify cannot be looked for')
        away = true
      })
      .finally(() => {
        looking = undefined
      })
  }

  if (platforms.length === 0) return { close: async () => {} }
  const timer = setInterval(lookSoon, lookEveryMs)
  lookSoon()

  return {
    async close() {
      closed = true
      clearInterval(timer)
      await looking
    },
  }
}
