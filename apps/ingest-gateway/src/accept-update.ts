import type { Bot } from '@botyard/control-database'
import { fullBatch } from '@botyard/mailbox'
import type { PlatformAdapter, WebhookRequest } from '@botyard/platforms'
import type { Platform } from '@botyard/queue-contracts'
import { type AcceptOutcome, type Call, type Page, takeThrough } from './call.ts'
import { type DeliverDeps, deliverUpdates } from './deliver-updates.ts'
import { type NormaliseDeps, normaliseCall } from './normalise-call.ts'
import { type SealDeps, sealUpdates } from './seal-updates.ts'
import { createTurnBatch } from './turn-batch.ts'
import { type VerifiedCall, type VerifyDeps, verifyCalls } from './verify-calls.ts'

/** What the stages of the main path need. */
export interface AcceptDeps extends VerifyDeps, NormaliseDeps, SealDeps, DeliverDeps {}

/**
 * Accepts one call of a platform, or one update of a page that polling fetched. Rejects with
 * `InvalidUpdateError` for a body that is not the platform's, with `StoreUnavailableError`, or with
 * `KeysUnavailableError`.
 */
export type AcceptUpdate = (
  bot: Bot,
  request: WebhookRequest,
  source?: Call['source'],
  page?: Page,
) => Promise<AcceptOutcome>

/** Returns the entrance to the main path: the calls of one event-loop turn go through it as one batch. */
export function createAcceptUpdate(
  adapters: Readonly<Record<Platform, PlatformAdapter>>,
  deps: AcceptDeps,
): AcceptUpdate {
  const addCall = createTurnBatch<Call>(fullBatch, calls => acceptCalls(calls, deps))
  return (bot, request, source = 'webhook', page) =>
    new Promise((resolve, reject) => {
      addCall({ bot, adapter: adapters[bot.platform], request, source, page, resolve, reject })
    })
}

/**
 * The gateway's main path: verify, normalise, seal, deliver, and only then say yes. All calls finish one
 * stage before any begins the next. Never throws: each call ends with an outcome or an error of its own.
 */
export function acceptCalls(calls: readonly Call[], deps: AcceptDeps): void {
  const { verified, later } = verifyCalls(calls, deps)
  storeCalls(verified, deps)
  // Keys that must be fetched delay only the calls that need them. Never rejects: see verifyCalls.
  for (const pending of later) void pending.then(verified => storeCalls(verified, deps))
}

function storeCalls(verified: readonly VerifiedCall[], deps: AcceptDeps): void {
  const normalised = takeThrough(verified, call => normaliseCall(call, deps))
  const sealed = takeThrough(normalised, call => sealUpdates(call, deps))
  for (const each of sealed) {
    // Never rejects: a failed delivery ends the call with its error.
    void deliverUpdates(each, deps).then(each.call.resolve, each.call.reject)
  }
}
