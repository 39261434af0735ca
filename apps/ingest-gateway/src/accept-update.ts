import type { Bot } from '@botyard/control-database'
import { type Delivery, type DeliveryOutcome, fullBatch } from '@botyard/mailbox'
import type {
  NetworkOptions,
  NormalisedUpdate,
  PlatformAdapter,
  VerifyResult,
  WebhookResponse,
  WebhookRequest,
} from '@botyard/platforms'
import type { Platform } from '@botyard/queue-contracts'
import type { Keyring, Naming } from '@botyard/service-kit'
import type { Logger } from 'pino'
import { createAnswerCall } from './answer-call.ts'
import type { CallWaiter } from './call-waiter.ts'
import { KeysUnavailableError, StoreUnavailableError } from './errors.ts'
import { abreast, createGather } from './gather.ts'
import type { GatewayMetrics, IntakeOutcome } from './metrics.ts'
import { nameUpdate, type UpdateNames } from './name-update.ts'
import { createNoteUnclassified } from './note-unclassified.ts'
import { sealUpdate } from './seal-update.ts'
import { within } from './within.ts'

/**
 * What became of a call: only `stored` means that every update of it is stored and woken; `answer` is what the platform wants
 * to hear then, if it is not the usual. `handshake`: there was nothing to store.
 */
export type AcceptOutcome =
  | { readonly status: 'stored'; readonly answer?: WebhookResponse }
  | { readonly status: 'handshake'; readonly answer: WebhookResponse }
  | { readonly status: 'backlog-full' }
  | { readonly status: 'refused'; readonly reason: Extract<VerifyResult, { genuine: false }>['reason'] }

/**
 * Takes one call of a platform; `asked` if it is the platform's answer to our asking (polling), which needs no proof and gets
 * no answer. Throws `InvalidUpdateError` for a body that is not the platform's, `StoreUnavailableError`, `KeysUnavailableError`.
 */
export type AcceptUpdate = (bot: Bot, request: WebhookRequest, asked?: 'asked') => Promise<AcceptOutcome>

/** What the main path needs. */
export interface AcceptUpdateDeps {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly naming: Naming
  readonly keyring: Keyring
  readonly deliver: (delivery: Delivery) => Promise<DeliveryOutcome>
  readonly waiter: Pick<CallWaiter, 'wait'>
  /** For adapters that fetch the platform's keys. */
  readonly dispatcher: NetworkOptions['dispatcher']
  readonly metrics: GatewayMetrics
  readonly logger: Logger
  /** What holds for bots whose settings say nothing of it. */
  readonly userLimit: NonNullable<Delivery['userLimit']>
  readonly maxBacklog: NonNullable<Delivery['maxBacklog']>
  /** How long the store may take before the call is given up, in ms; longer for a large body. */
  readonly timeoutMs: number
}

const MEBIBYTE = 1024 * 1024
/** What the store gets for each mebibyte of a body: GitHub's largest is given up after 8 s, and GitHub waits for 10. */
const MS_PER_MEBIBYTE = 250

/**
 * The gateway's main path: verify over the raw bytes, normalise, name, seal, store, and only then say yes. The updates of
 * a batch are handed over in the platform's order, in one turn of the event loop, and stand or fall together: if one is not
 * stored the platform sends all again, and those that were are duplicates then, with the same answer.
 */
export function createAcceptUpdate(deps: AcceptUpdateDeps): AcceptUpdate {
  const { adapters, naming, keyring, deliver, waiter, dispatcher, metrics, logger, timeoutMs } = deps
  const gather = createGather(fullBatch)
  const noteUnclassified = createNoteUnclassified(deps)
  const answerCall = createAnswerCall(waiter)
  const network: NetworkOptions = {
    dispatcher,
    // A signal with a timer costs more than most checks, and most need none.
    get signal() {
      return AbortSignal.timeout(timeoutMs)
    },
  }

  return async function acceptUpdate(bot, request, asked) {
    const adapter = adapters[bot.platform]
    await gather()

    if (asked === undefined) {
      const checked = adapter.verify(request, bot.credentials, network)
      const verdict = checked instanceof Promise ? await checked : checked
      if (!verdict.genuine) {
        if (verdict.reason === 'unavailable') throw new KeysUnavailableError()
        return { status: 'refused', reason: verdict.reason }
      }
      const answer = adapter.handshake?.(request)
      if (answer) return { status: 'handshake', answer }
    }
    await abreast

    const updates = adapter.normalise(request, bot.identity)
    await abreast

    const names = updates.map(update => nameUpdate(naming, bot, update))
    const wanted = asked === undefined ? adapter.answer?.(updates, bot.settings) : undefined
    const call = answerCall(wanted, bot, names[0]?.update)
    await abreast

    const { receivedAtMs } = request
    const deliveries = updates.map((update, i) => ({
      ...names[i]!,
      body: sealUpdate(keyring, bot, update, names[i]!, { receivedAtMs, respond: i === 0 ? call.respond : undefined }),
      windowMs: adapter.redeliveryWindowMs,
      userLimit: bot.settings.userLimit ?? deps.userLimit,
      maxBacklog: bot.settings.maxBacklog ?? deps.maxBacklog,
    }))
    await abreast

    const patienceMs = timeoutMs + Math.floor(request.body.length / MEBIBYTE) * MS_PER_MEBIBYTE
    const outcomes = await store(deliveries, patienceMs)
    const acceptedAtMs = Date.now()
    for (const [i, update] of updates.entries()) {
      count(bot, update, outcomes[i]!, acceptedAtMs)
      if (outcomes[i] !== 'duplicate') noteUnclassified(adapter, update)
    }
    await abreast

    if (logger.isLevelEnabled('debug')) log(bot, updates, names, outcomes, acceptedAtMs - receivedAtMs)
    await abreast

    // Of a duplicate the handler has run, or will, for the first delivery.
    if (outcomes.some(outcome => !isStored(outcome)) || outcomes[0] === 'duplicate') call.expectNone()
    if (outcomes.includes('unavailable')) throw new StoreUnavailableError()
    if (outcomes.includes('backlog-full')) return { status: 'backlog-full' }
    const answer = await call.answer()
    return answer === undefined ? { status: 'stored' } : { status: 'stored', answer }
  }

  function store(deliveries: readonly Delivery[], patienceMs: number): Promise<IntakeOutcome[]> {
    const stored = deliveries.map(delivery => deliver(delivery).catch(unavailableOrThrow))
    return within(
      patienceMs,
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

  /** The worker's line is the one of an update; this one is for finding out what came of a call. */
  function log(
    bot: Bot,
    updates: readonly NormalisedUpdate[],
    names: readonly UpdateNames[],
    outcomes: readonly IntakeOutcome[],
    ms: number,
  ): void {
    for (const [i, { kind }] of updates.entries()) {
      const outcome = outcomes[i]!
      if (!isStored(outcome)) continue
      const { conversation, update } = names[i]!
      const ids = { bot: bot.id, update: update.toString('base64url'), conversation }
      logger.debug({ ...ids, kind, outcome, ms }, 'update accepted')
    }
  }
}

function isStored(outcome: IntakeOutcome): boolean {
  return outcome !== 'unavailable' && outcome !== 'backlog-full'
}

function unavailableOrThrow(error: { code?: unknown }): 'unavailable' {
  if (error.code === 'MBX_UNAVAILABLE') return 'unavailable'
  throw error
}
