import type { Delivery, DeliveryOutcome } from '@botyard/mailbox'
import type { NormalisedUpdate, PlatformAdapter, Verdict, WebhookRequest } from '@botyard/platforms'
import { encodeInbound, type InboundUpdate, type Platform } from '@botyard/queue-contracts'
import type { Keyring, Naming } from '@botyard/service-kit'
import type { Bot } from '@botyard/shard-routing'
import type { Logger } from 'pino'
import { StoreUnavailableError } from './errors.ts'
import { abreast, createGather } from './gather.ts'
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
  /** What holds for bots whose settings say nothing of it. */
  readonly userLimit: NonNullable<Delivery['userLimit']>
  readonly maxBacklog: NonNullable<Delivery['maxBacklog']>
  /** How long the store may take before the call is given up, in ms. */
  readonly timeoutMs: number
}

/**
 * The gateway's main path: verify over the raw bytes, normalise, name, seal, store, and only then say yes. The updates of
 * a batch are handed over in the platform's order, in one turn of the event loop, and stand or fall together: if one is not
 * stored the platform sends all again, and those that were are duplicates then, with the same answer.
 */
export function createAcceptUpdate(deps: AcceptUpdateDeps): AcceptUpdate {
  const { adapters, naming, keyring, deliver, metrics, logger, timeoutMs } = deps
  const gather = createGather()

  return async function acceptUpdate(bot, request) {
    const adapter = adapters[bot.platform]
    await gather()

    const verdict = adapter.verify(request, bot.credentials)
    if (!verdict.genuine) return { status: 'refused', reason: verdict.reason }
    await abreast

    const updates = adapter.normalise(request)
    await abreast

    const names = updates.map(update => nameUpdate(bot, update))
    await abreast

    const deliveries = updates.map((update, i) => ({
      ...names[i]!,
      body: seal(bot, update, names[i]!, request.receivedAtMs),
      windowMs: adapter.redeliveryWindowMs,
      userLimit: bot.settings.userLimit ?? deps.userLimit,
      maxBacklog: bot.settings.maxBacklog ?? deps.maxBacklog,
    }))
    await abreast

    const outcomes = await store(deliveries)
    const acceptedAtMs = Date.now()
    for (const [i, update] of updates.entries()) count(bot, update, outcomes[i]!, acceptedAtMs)
    await abreast

    const ms = acceptedAtMs - request.receivedAtMs
    for (const [i, { id, kind }] of updates.entries()) {
      const outcome = outcomes[i]!
      if (!isStored(outcome)) continue
      const { conversation } = names[i]!
      logger.info({ bot: bot.id, update: id, conversation, kind, outcome, ms }, 'update accepted')
    }
    await abreast

    if (outcomes.includes('unavailable')) throw new StoreUnavailableError()
    return outcomes.includes('backlog-full') ? { status: 'backlog-full' } : { status: 'stored' }
  }

  /** Names that say nothing of the platform's ids to whoever reads Redis or the log. */
  function nameUpdate({ id, platform }: Bot, update: NormalisedUpdate) {
    return {
      conversation: naming.conversation(id, platform, update.conversation),
      update: naming.update(id, update.id),
      user: update.user === undefined ? undefined : naming.user(id, platform, update.user),
    }
  }

  function seal(bot: Bot, update: NormalisedUpdate, names: ReturnType<typeof nameUpdate>, receivedAtMs: number) {
    // Field by field: copying with rest and spread took several times as long. What is undefined, JSON leaves out.
    const { id, kind, conversation, user, text, sentAtMs, raw } = update
    const inbound = { id, bot: bot.id, platform: bot.platform, kind, conversation, user, text, sentAtMs, receivedAtMs }
    return keyring.seal(
      encodeInbound(inbound as InboundUpdate, raw),
      `${names.conversation}|${names.update.toString('base64url')}`,
    )
  }

  function store(deliveries: readonly Delivery[]): Promise<IntakeOutcome[]> {
    const stored = deliveries.map(delivery => deliver(delivery).catch(unavailableOrThrow))
    return within(
      timeoutMs,
      Promise.all(stored),
      deliveries.map(() => 'unavailable'),
    )
  }

  function count(
    { platform }: Bot,
    { sentAtMs }: NormalisedUpdate,
    outcome: IntakeOutcome,
    acceptedAtMs: number,
  ): void {
    const ageMs = isStored(outcome) && sentAtMs !== undefined ? acceptedAtMs - sentAtMs : undefined
    metrics.received(platform, outcome, ageMs)
  }
}

function isStored(outcome: IntakeOutcome): boolean {
  return outcome !== 'unavailable' && outcome !== 'backlog-full'
}

function unavailableOrThrow(error: { code?: unknown }): 'unavailable' {
  if (error.code === 'MBX_UNAVAILABLE') return 'unavailable'
  throw error
}
