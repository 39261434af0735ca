import type { Bot } from '@botyard/control-database'
import type { Delivery } from '@botyard/mailbox'
import type { NormalisedUpdate } from '@botyard/platforms'
import { encodeInbound, type InboundUpdate, inboundContext } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import type { Page } from './call.ts'
import type { UpdateNames } from './name-update.ts'
import type { NormalisedCall } from './normalise-call.ts'

/** What sealing needs. */
export interface SealDeps {
  readonly keyring: Keyring
  /** Limits of bots whose settings name none. */
  readonly userLimit: NonNullable<Delivery['userLimit']>
  readonly maxBacklog: NonNullable<Delivery['maxBacklog']>
}

/** A call whose updates are ready for the mailbox, in the platform's order. */
export interface SealedCall extends NormalisedCall {
  readonly deliveries: readonly Delivery[]
}

/** Third stage: encrypts each update, so that it opens under its own names alone. */
export function sealUpdates({ call, updates, names, response }: NormalisedCall, deps: SealDeps): SealedCall {
  const { adapter, bot, request } = call
  const windowMs = adapter.redeliveryWindowMs
  const userLimit = bot.settings.userLimit ?? deps.userLimit
  const maxBacklog = bot.settings.maxBacklog ?? deps.maxBacklog
  const page: Page | undefined = call.page ?? (updates.length > 1 ? new Map() : undefined)
  const deliveries = updates.map((update, i) => {
    // A platform waits for the answer to the first update of a call.
    const respond = i === 0 ? response.respond : undefined
    const facts = { receivedAtMs: request.receivedAtMs, respond, trace: request.trace }
    const { conversation, update: id, user } = names[i]!
    const after = page?.get(conversation)
    page?.set(conversation, id)
    return {
      ...{ conversation, update: id, after, user, windowMs, userLimit, maxBacklog },
      body: sealUpdate(deps.keyring, bot, update, names[i]!, facts),
    }
  })
  return { call, updates, names, response, deliveries }
}

/** What an update has of its call. */
interface CallFacts {
  readonly receivedAtMs: number
  readonly respond: InboundUpdate['respond'] | undefined
  readonly trace: string | undefined
}

function sealUpdate(
  keyring: Keyring,
  { id: bot, platform }: Bot,
  update: NormalisedUpdate,
  names: UpdateNames,
  { receivedAtMs, respond, trace }: CallFacts,
): Buffer {
  // Field by field: copying with rest and spread took several times as long. JSON leaves out what is
  // undefined.
  const { id, kind, conversation, user, fromBot, tenant, route, text, sentAtMs, raw } = update
  const inbound = {
    id,
    bot,
    platform,
    kind,
    conversation,
    user,
    fromBot,
    tenant,
    route,
    respond,
    text,
    trace: trace === undefined ? undefined : [trace],
    sentAtMs,
    receivedAtMs,
  }
  return keyring.seal(
    encodeInbound(inbound as InboundUpdate, raw),
    inboundContext(names.conversation, names.update),
  )
}
