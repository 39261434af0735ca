import type { Bot } from '@botyard/control-database'
import type { NormalisedUpdate } from '@botyard/platforms'
import { encodeInbound, type InboundUpdate, inboundContext } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import type { UpdateNames } from './name-update.ts'

/** What only this call knows of an update. */
export interface CallFacts {
  readonly receivedAtMs: number
  readonly respond: InboundUpdate['respond'] | undefined
}

/** The sealed payload of an update, which opens under its own names alone. */
export function sealUpdate(
  keyring: Keyring,
  { id: bot, platform }: Bot,
  update: NormalisedUpdate,
  names: UpdateNames,
  { receivedAtMs, respond }: CallFacts,
): Buffer {
  // Field by field: copying with rest and spread took several times as long. What is undefined, JSON leaves out.
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
    sentAtMs,
    receivedAtMs,
  }
  return keyring.seal(encodeInbound(inbound as InboundUpdate, raw), inboundContext(names.conversation, names.update))
}
