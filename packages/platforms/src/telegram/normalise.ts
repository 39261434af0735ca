import type { BotIdentity } from '@botyard/queue-contracts'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { InvalidUpdateError } from '../errors.ts'
import { parseJson } from '../json/parse-json.ts'
import { checkUpdate, type Facts } from './facts.ts'
import { readCallback, readChatEvent, readUserEvent } from './read-events.ts'
import { updateKinds } from './update-kinds.ts'

/** Reads Telegram's one update a request; a kind that nobody knows yet is `other`, never refused. */
export function normaliseTelegram(
  { body }: Pick<WebhookRequest, 'body'>,
  self?: BotIdentity,
): NormalisedUpdate[] {
  const update = checkUpdate(parseJson(body))
  const {
    event,
    kind = 'other',
    conversation,
    user,
    fromBot,
    text,
    sentAtMs,
    route,
  } = readUpdate(update, self)
  return [
    {
      id: String(update.update_id),
      ...(event !== undefined && { event }),
      kind,
      conversation,
      ...(user !== undefined && { user }),
      ...(fromBot && { fromBot }),
      ...(text !== undefined && { text }),
      ...(sentAtMs !== undefined && { sentAtMs }),
      ...(route && { route }),
      raw: body,
    },
  ]
}

/** An update has, besides `update_id`, one field, which is named after its kind. */
function readUpdate(update: object, self: BotIdentity | undefined): Facts {
  let unknown: { event: string; payload: unknown } | undefined
  for (const [event, payload] of Object.entries(update)) {
    const known = updateKinds.get(event)
    if (known) {
      const facts = known.read(payload, `/${event}`, self)
      facts.event = event
      facts.kind ??= known.kind
      return facts
    }
    if (typeof payload === 'object') unknown ??= { event, payload }
  }
  // The bot as a whole keeps the order of what names neither chat nor user.
  const place = readUnknown(unknown?.payload) ?? { conversation: 'bot' }
  return { ...place, event: unknown?.event.match(/^[a-z_]{1,64}$/)?.[0] }
}

/** Finds chat and user where all kinds so far have had them. */
function readUnknown(payload: unknown): Facts | undefined {
  for (const read of [readChatEvent, readCallback, readUserEvent]) {
    try {
      const { conversation, user, route } = read(payload, '', undefined)
      return { conversation, user, route }
    } catch (error) {
      if (!(error instanceof InvalidUpdateError)) throw error
    }
  }
  return undefined
}
