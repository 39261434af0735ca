import { hash } from 'node:crypto'
import type { OutboundMessage } from '@botyard/queue-contracts'
import type { SendOptions } from '../adapter.ts'
import type { Answer, ApiCall } from '../http/call-api.ts'
import { jsonOf, textAt } from '../json/value-at.ts'
import { callWithToken } from '../jwt/call-with-token.ts'
import { notSent } from '../send/not-sent.ts'
import { pauseMs, resultOfStatus } from '../send/result-of-status.ts'
import type { SendResult } from '../send/send-result.ts'
import type { GoogleChatCredentials } from './credentials.ts'
import { escapedMarkdown } from './markdown.ts'
import { tokenSourceOf } from './token-source.ts'

const defaultApiRoot = 'https://chat.googleapis.com'

/** The fields of a message that an edit may change (spaces.messages.patch, `updateMask`). */
const editable = new Map([
  ['text', 'text'],
  ['cardsV2', 'cards_v2'],
  ['attachment', 'attachment'],
  ['accessoryWidgets', 'accessory_widgets'],
])

type ChatMessage = Pick<
  OutboundMessage,
  'id' | 'conversation' | 'action' | 'text' | 'native' | 'message' | 'route'
>

/** Creates a message in the space, in the thread that is answered, or changes an old one. Never throws. */
export async function sendGoogleChat(
  message: ChatMessage,
  { serviceAccount, tokenUrl, apiRoot = defaultApiRoot }: GoogleChatCredentials,
  options: SendOptions,
): Promise<SendResult> {
  if (!serviceAccount) return notSent('the bot has no serviceAccount')
  const call = callOfMessage(message, apiRoot.replace(/\/+$/, ''))
  if (typeof call === 'string') return notSent(call)
  const posted = await callWithToken(call, tokenSourceOf(serviceAccount, tokenUrl), options)
  return 'result' in posted ? posted.result : resultOf(posted.answer, message)
}

/** The call that a message becomes, or why there is none. */
function callOfMessage(message: ChatMessage, apiRoot: string): ApiCall | string {
  const { id, conversation, action, route } = message
  if (action === 'typing') return 'Google Chat shows no typing'
  if (action === 'edit') return callOfEdit(message, apiRoot)
  if (!/^spaces\/[\w-]{1,128}$/.test(conversation)) return 'the update names no space to answer in'
  const place = {
    ...(route?.thread !== undefined && { thread: { name: route.thread } }),
    // What only one user saw is answered so that nobody else does.
    ...(route?.viewer !== undefined && { privateMessageViewer: { name: route.viewer } }),
  }
  const query = new URLSearchParams({
    // The same id again gives the message that is there already.
    requestId: requestIdOf(id),
    // Spaces without threads take the message all the same.
    messageReplyOption: 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD',
  })
  return {
    url: `${apiRoot}/v1/${conversation}/messages?${query}`,
    body: JSON.stringify({ ...place, ...contentOf(message) }),
  }
}

function callOfEdit(message: ChatMessage, apiRoot: string): ApiCall | string {
  const named = message.message ?? message.route?.message
  // Its last part alone is a message of the conversation.
  const name = named?.includes('/') ? named : `${message.conversation}/messages/${named}`
  if (named === undefined || !/^spaces\/[\w-]{1,128}\/messages\/[\w.-]{1,128}$/.test(name)) {
    return 'name the message to edit as spaces/…/messages/…'
  }
  const content = contentOf(message)
  const updateMask = [...editable]
    .flatMap(([field, mask]) => (Object.hasOwn(content, field) ? mask : []))
    .join(',')
  if (updateMask === '') return 'the edit changes neither text nor cardsV2'
  return {
    method: 'PATCH',
    url: `${apiRoot}/v1/${name}?${new URLSearchParams({ updateMask })}`,
    body: JSON.stringify(content),
  }
}

/** A plain text is shown as it is written; a native message is the handler's own, markup and all. */
function contentOf({ text = '', native }: ChatMessage): object {
  if (native !== undefined) return native
  const escaped = escapedMarkdown(text)
  return escaped === undefined ? { text } : { text: escaped, markupSyntax: 'MARKUP_SYNTAX_MARKDOWN' }
}

/** A UUID of the message's id (version 8: of our own making). */
function requestIdOf(id: string): string {
  const hex = hash('sha256', id, 'hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function resultOf({ status, headers, body }: Answer, { action }: ChatMessage): SendResult {
  const answer = jsonOf(body)
  if (status >= 200 && status < 300) {
    const name = textAt(answer, 'name')
    const user = textAt(answer, 'sender', 'name')
    return {
      status: 'sent',
      ...(name !== undefined && { messageId: name }),
      ...(user !== undefined && { self: { user } }),
    }
  }
  const code = textAt(answer, 'error', 'status')?.match(/^\w{1,64}$/)?.[0]
  const reason = `answered ${status}${code ? ` ${code}` : ''}`
  switch (status) {
    case 401:
      return { status: 'failed', blame: 'credentials', reason }
    // No member of the space, any more; or the space is gone.
    case 403:
      return { status: 'failed', blame: 'recipient', reason }
    case 404:
      return { status: 'failed', blame: action === 'edit' ? 'message' : 'recipient', reason }
    default:
      return resultOfStatus(status, pauseMs(headers['retry-after']), reason)
  }
}
