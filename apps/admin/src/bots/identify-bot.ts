import { type BotProfile, createBotStore } from '@botyard/control-database'
import type { Identified } from '@botyard/platforms'
import { announceChange } from './announce-change.ts'
import type { BotAdminDeps } from './bot-admin-deps.ts'

/**
 * What asking came to; `superseded`: the bot was changed or removed meanwhile, so what was learned may not be
 * of it.
 */
export type Identification =
  | { readonly status: 'known'; readonly bot: BotProfile }
  | { readonly status: 'superseded' }
  | Exclude<Identified, { status: 'known' }>

/** What identifying needs. */
export type IdentifyDeps = Pick<
  BotAdminDeps,
  'adapters' | 'db' | 'keyring' | 'logger' | 'metrics' | 'redis' | 'targets'
>

/**
 * Asks the platform who a bot is and, when this resolves with `known`, every live gateway and worker knows
 * it. Undefined for a platform that is not asked. Several processes may do so for one bot: only an answer
 * about the bot as it is now is kept.
 */
export async function identifyBot(
  deps: IdentifyDeps,
  { id, platform, version }: Pick<BotProfile, 'id' | 'platform' | 'version'>,
  patienceMs: number,
): Promise<Identification | undefined> {
  const identify = deps.adapters[platform].identify
  if (!identify) return undefined
  const store = createBotStore(deps.db, deps.keyring)
  const bot = await store.open(id)
  if (bot?.version !== version) return { status: 'superseded' }

  const network = { dispatcher: deps.targets.dispatcher, signal: AbortSignal.timeout(patienceMs) }
  const identified = await identify(bot.credentials, network)
  deps.metrics.identified(platform, identified.status)
  if (identified.status !== 'known') return identified

  const stored = await store.identify(bot, identified.identity)
  if (stored.status === 'superseded') return { status: 'superseded' }
  if (stored.status === 'unchanged') return { status: 'known', bot }
  await announceChange(deps, stored.bot.version)
  deps.logger.info({ bot: id, identity: identified.identity }, 'bot identified')
  return { status: 'known', bot: stored.bot }
}

/** How long an operator's request waits for the platform, in ms. */
const requestPatienceMs = 2_000

/** The same for a bot that was just added or changed: never fails, as `startIdentifying` goes on asking. */
export async function identifyChanged(deps: IdentifyDeps, bot: BotProfile): Promise<BotProfile> {
  try {
    const identified = await identifyBot(deps, bot, requestPatienceMs)
    if (identified?.status === 'known') return identified.bot
    if (identified !== undefined && 'reason' in identified) {
      deps.logger.warn(
        { bot: bot.id, ...identified },
        'the platform does not say who the bot is, it will be asked again',
      )
    }
  } catch (err) {
    deps.logger.warn({ err, bot: bot.id }, 'bot not identified, the platform will be asked again')
  }
  return bot
}
