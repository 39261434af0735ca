import type { NormalisedUpdate } from '@botyard/platforms'
import { type CallResponse, startResponse } from './call-response.ts'
import type { CallWaiter } from './call-waiter.ts'
import { type NamingDeps, nameUpdate, type UpdateNames } from './name-update.ts'
import type { VerifiedCall } from './verify-calls.ts'

/** What normalising needs. */
export interface NormaliseDeps extends NamingDeps {
  readonly callWaiter: Pick<CallWaiter, 'wait'>
}

/** A call as its updates, each with its keyed names. */
export interface NormalisedCall extends VerifiedCall {
  readonly updates: readonly NormalisedUpdate[]
  readonly names: readonly UpdateNames[]
  readonly response: CallResponse
}

/** Second stage: parses and validates a body, and splits it into updates. Throws `InvalidUpdateError`. */
export function normaliseCall({ call }: VerifiedCall, deps: NormaliseDeps): NormalisedCall {
  const { adapter, bot, request, source } = call
  const updates = adapter.normalise(request, bot.identity)
  const names = updates.map(update => nameUpdate(deps, bot, update))
  const answer = source === 'poll' ? undefined : adapter.answer?.(updates, bot.settings)
  // Before the update is stored, or the handler's answer may arrive first.
  const response = startResponse(answer, bot, names[0]?.update, deps.callWaiter)
  return { call, updates, names, response }
}
