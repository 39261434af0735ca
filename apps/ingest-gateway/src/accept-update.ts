import type { Delivery, DeliveryOutcome } from '@botyard/mailbox'
import type { NormalisedUpdate, PlatformAdapter, Verdict, WebhookRequest } from '@botyard/platforms'
import { type ConversationKey, encodeInbound, type InboundUpdate, type Platform } from '@botyard/queue-contracts'
import type { Keyring, Naming } from '@botyard/service-kit'
import type { Bot } from '@botyard/shard-routing'
import type { Logger } from 'pino'
import { StoreUnavailableError } from './errors.ts'
import type { GatewayMetrics, IntakeOutcome } from './metrics.ts'
import { within } from './within.ts'

/** What became of a call: only `stored` means that every update of it is stored and woken. */
export type AcceptOutcome =
  | { readonly status: 'stored' }
  | { readonly status: 'backlog-full' }
  | { readonly status: 'refused'; readonly reason: Extract<Verdict, { genuine: false }>['reason'] }

/** Takes one call of a platform. Throws `InvalidUpdateError` for a body that is not the platform's, `StoreUnavailableError`. */
export type AcceptUpdate = (bot: Bot, request: WebhookRequest) => Promise<AcceptOutcome>

/** What the main path needs. */
export interface AcceptUpdateDeps {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly naming: Naming
  readonly keyring: Keyring
  readonly deliver: (delivery: Delivery) => Promise<DeliveryOutcome>
  readonly metrics: GatewayMetrics
  readonly logger: Logger
  /** How long the store may take before the call is given up, in ms. */
  readonly timeoutMs: number
}

/** One update of a call with its names, which say nothing of the platform's ids to who reads Redis or the log. */
interface NamedUpdate {
  readonly normalised: NormalisedUpdate
  readonly conversation: ConversationKey
  readonly update: Buffer
}

/**
 * The gateway's main path: verify over the raw bytes, normalise, name, seal, store, and only then say yes. The updates of
 * a batch are handed over in the platform's order, in one turn of the event loop, and stand or fall together: if one is not
 * stored the platform sends all again, and those that were are duplicates then, with the same answer.
 */
export function createAcceptUpdate(deps: AcceptUpdateDeps): AcceptUpdate {
  const { adapters, naming, keyring, deliver, metrics, logger, timeoutMs } = deps

  return async function acceptUpdate(bot, request) {
    const adapter = adapters[bot.platform]
    const verdict = adapter.verify(request, bot.credentials)
    if (!verdict.genuine) return { status: 'refused', reason: verdict.reason }

    const updates = adapter.normalise(request).map(normalised => name(bot, normalised))
    const outcomes = await store(updates, bot, request.receivedAtMs, adapter.redeliveryWindowMs)

    report(updates, outcomes, bot, request.receivedAtMs)
    if (outcomes.includes('unavailable')) throw new StoreUnavailableError()
    return { status: outcomes.includes('backlog-full') ? 'backlog-full' : 'stored' }
  }

  function name(bot: Bot, normalised: NormalisedUpdate): NamedUpdate {
    return {
      normalised,
      conversation: naming.conversation(bot.id, bot.platform, normalised.conversation),
      update: naming.update(bot.id, normalised.id),
    }
  }

  function store(updates: NamedUpdate[], bot: Bot, receivedAtMs: number, windowMs: number): Promise<IntakeOutcome[]> {
    const { userLimit, maxBacklog } = bot.settings
    const stored = updates.map(async ({ normalised, conversation, update }): Promise<IntakeOutcome> => {
      const { raw, ...fields } = normalised
      const inbound: InboundUpdate = { ...fields, bot: bot.id, platform: bot.platform, receivedAtMs }
      const context = `${conversation}|${update.toString('base64url')}`
      const body = keyring.seal(encodeInbound(inbound, raw), context)
      const user = userLimit && inbound.user ? naming.user(bot.id, bot.platform, inbound.user) : undefined
      try {
        return await deliver({ conversation, update, body, windowMs, user, userLimit, maxBacklog })
      } catch (error) {
        if ((error as { code?: unknown }).code === 'MBX_UNAVAILABLE') return 'unavailable'
        throw error
      }
    })
    const late: IntakeOutcome[] = updates.map(() => 'unavailable')
    return within(timeoutMs, Promise.all(stored), late)
  }

  function report(updates: NamedUpdate[], outcomes: IntakeOutcome[], bot: Bot, receivedAtMs: number): void {
    const now = Date.now()
    for (const [i, { normalised, conversation }] of updates.entries()) {
      const outcome = outcomes[i]!
      const { id, kind, sentAtMs } = normalised
      metrics.received(bot.platform, outcome, sentAtMs === undefined ? undefined : now - sentAtMs)
      if (outcome === 'unavailable' || outcome === 'backlog-full') continue
      logger.info({ bot: bot.id, update: id, conversation, kind, outcome, ms: now - receivedAtMs }, 'update accepted')
    }
  }
}
