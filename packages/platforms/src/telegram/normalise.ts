import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { InvalidUpdateError } from '../invalid-update-error.ts'
import { kindOfText } from '../kind-of-text.ts'
import { parseJson } from '../parse-json.ts'
import { checkUpdate, type Facts, readCallback, readChatEvent, readUserEvent } from './payload-shapes.ts'
import { updateKinds } from './update-kinds.ts'

/** Reads Telegram's one update a request; a kind that nobody knows yet is `other`, never refused. */
export function normaliseTelegram({ body }: Pick<WebhookRequest, 'body'>): NormalisedUpdate[] {
  const update = checkUpdate(parseJson(body))
  const { kind, conversation, user, text, sentAtMs, route } = readUpdate(update)
  return [
    {
      id: String(update.update_id),
      kind: kind === 'by text' ? kindOfText(text) : kind,
      conversation,
      ...(user !== undefined && { user }),
      ...(text !== undefined && { text }),
      ...(sentAtMs !== undefined && { sentAtMs }),
      ...(route && { route }),
      raw: body,
    },
  ]
}

/** An update has, besides `update_id`, one field, which is named after its kind. */
function readUpdate(update: object): Facts & { kind: NormalisedUpdate['kind'] | 'by text' } {
  let unknown: unknown
  for (const [name, payload] of Object.entries(update)) {
    const known = updateKinds.get(name)
    if (known) return { kind: known.kind, ...known.read(payload, `/${name}`) }
    if (typeof payload === 'object') unknown ??= payload
  }
  // The bot as a whole keeps the order of what names neither chat nor user.
  return { kind: 'other', ...(readUnknown(unknown) ?? { conversation: 'bot' }) }
}

/** Finds chat and user where all kinds so far have had them. */
function readUnknown(payload: unknown): Facts | undefined {
  for (const read of [readChatEvent, readCallback, readUserEvent]) {
    try {
      const { conversation, user } = read(payload, '')
      return { conversation, user }
    } catch (error) {
      if (!(error instanceof InvalidUpdateError)) throw error
    }
  }
  return undefined
}
