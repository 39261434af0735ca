import type { UpdateKind } from '@botyard/queue-contracts'
import { kindOfText } from '../text/kind-of-text.ts'
import { conversationKinds } from './event-names.ts'
import type { Field, ReadUpdate } from './form.ts'

/**
 * Who posts by the API or an app's SDK is the bot or its colleagues; people write by SMS, WhatsApp and the
 * like.
 */
const ownSources = new Set(['API', 'SDK'])

/** The author of what was posted without one. */
const noAuthor = 'system'

const date = /^[\dT:.Z-]{10,40}$/

/**
 * Reads a webhook of Conversations: the conversation is Twilio's own, and the user its author or participant.
 */
export function readConversationEvent(type: string, field: Field, digest: string): ReadUpdate {
  const kind = kindOf(type, field)
  const author = field('Author') ?? field('Identity') ?? field('MessagingBinding.Address')
  const user = author === noAuthor || author === '' ? undefined : author
  const text = type.startsWith('onMessage') ? field('Body') : undefined
  return {
    id: idOf(type, field) ?? `${type}:${digest}`,
    kind,
    event: type,
    conversation: field('ConversationSid') ?? (user === undefined ? 'bot' : `user:${user}`),
    ...(user !== undefined && { user }),
    ...(text !== undefined && { text }),
  }
}

function kindOf(type: string, field: Field): UpdateKind {
  const kind = conversationKinds.get(type) ?? 'other'
  if (kind !== 'message' && kind !== 'edit') return kind
  if (ownSources.has(field('Source') ?? '')) return 'other'
  return kind === 'message' ? kindOfText(field('Body')) : kind
}

/** Twilio counts its tries in the call, so the signature does not tell one event that comes twice. */
function idOf(type: string, field: Field): string | undefined {
  if (!type.endsWith('ed')) return undefined
  if (type === 'onMessageAdded') return field('MessageSid')
  const receipt = field('DeliveryReceiptSid')
  const sid =
    receipt ?? field('MessageSid') ?? field('ParticipantSid') ?? field('UserSid') ?? field('ConversationSid')
  const when = field('DateUpdated') ?? field('DateCreated')
  const state = receipt === undefined ? when : field('Status')
  if (sid === undefined || state === undefined || !(receipt !== undefined || date.test(state)))
    return undefined
  return `${type}:${sid}:${state}`
}
