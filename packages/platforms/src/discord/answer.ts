import type { BotSettings, InboundUpdate } from '@botyard/queue-contracts'
import type { APIInteractionResponse } from 'discord-api-types/v10'
import type {
  CallAnswer,
  Content,
  HandlingOutcome,
  NormalisedUpdate,
  WebhookRequest,
  WebhookResponse,
} from '../adapter.ts'
import { jsonOf } from '../json/value-at.ts'
import { kindOfBody } from './body-kind.ts'

/** A message's flag that the user alone sees it. */
const ephemeral = 64

const thinking = respond({ type: 5 })
const thinkingAlone = respond({ type: 5, data: { flags: ephemeral } })
const silence = respond({ type: 6 })
const noChoices = respond({ type: 8, data: { choices: [] } })

/** "Respond with 204 and an empty body", with a media type all the same. */
const taken: WebhookResponse = { status: 204, contentType: 'application/json' }

/** The answer to a PING of the interactions or of the webhook events. */
export function handshakeDiscord({ body }: Pick<WebhookRequest, 'body'>): WebhookResponse | undefined {
  switch (kindOfBody(jsonOf(body.toString()))) {
    case 'interaction ping':
      return respond({ type: 1 })
    case 'event ping':
      return taken
    default:
      return undefined
  }
}

/**
 * What an interaction is answered within its 3 s: "thinking" for a command or a sent form, nothing to see for
 * a component, and the handler's completes it; or, with `defer: none`, the handler's own response. Choices
 * are always the handler's.
 */
export function answerDiscord(
  [update]: readonly NormalisedUpdate[],
  { defer }: Pick<BotSettings, 'defer'>,
): CallAnswer {
  if (update?.route?.token === undefined) return { now: taken }
  if (update.kind === 'autocomplete') return { wait: true, fallback: noChoices }
  const deferred = update.kind === 'button' ? silence : defer === 'ephemeral' ? thinkingAlone : thinking
  return defer === 'none' ? { wait: true, fallback: deferred } : { now: deferred }
}

/**
 * "Thinking" stays for a quarter of an hour if no message takes its place; a component's answer shows
 * nothing.
 */
export function acknowledgeDiscord(
  { kind, route }: Pick<InboundUpdate, 'kind' | 'route'>,
  said: readonly Content[],
  outcome: HandlingOutcome,
): Content | undefined {
  const showsThinking = route?.token !== undefined && (kind === 'command' || kind === 'modal')
  if (!showsThinking || outcome === 'responded') return undefined
  // An edit of another message leaves it as it is: see `editRoutes`.
  const ended = said.some(({ action, message }) =>
    action === 'edit' ? message === undefined && route.openedFrom === undefined : action === undefined,
  )
  return ended ? undefined : { action: 'dismiss' }
}

function respond(response: APIInteractionResponse): WebhookResponse {
  return { status: 200, body: JSON.stringify(response) }
}
