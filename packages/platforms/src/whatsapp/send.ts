import type { OutboundMessage } from '@botyard/queue-contracts'
import type { SendOptions } from '../adapter.ts'
import { jsonOf, valueAt } from '../json/value-at.ts'
import { acceptedResult, postMessage } from '../meta/graph-api.ts'
import { resultOfGraphError } from '../meta/graph-error.ts'
import { notSent } from '../send/not-sent.ts'
import type { SendResult } from '../send/send-result.ts'
import { placeOf, recipientOf } from './conversation.ts'
import type { WhatsAppCredentials } from './credentials.ts'
import { meaningForWhatsApp } from './errors.ts'
import { pairAccepted, pairPauseMs } from './pair-pause.ts'

/** Meta's own Graph API. */
const defaultApiRoot = 'https://graph.facebook.com'

/** More messages to one user than one each 6 s, with a burst that is paid back. */
const pairRate = 131_056

/**
 * Sends a text or the Cloud API's own message from the phone number that the update came to, or shows "is
 * typing", which also marks the update as read. Never throws.
 */
export async function sendWhatsApp(
  message: OutboundMessage,
  { accessToken, phoneNumberId, apiRoot = defaultApiRoot, apiVersion }: WhatsAppCredentials,
  options: SendOptions,
): Promise<SendResult> {
  const content = contentOf(message)
  if ('refused' in content) return notSent(content.refused)
  const node = message.route?.phone_number_id ?? placeOf(message.conversation).phoneNumberId ?? phoneNumberId
  const body = { messaging_product: 'whatsapp', ...content }
  const posted = await postMessage({ apiRoot, apiVersion, node, token: accessToken, body }, options)
  if ('result' in posted) return posted.result

  const { answer } = posted
  const answered = jsonOf(answer.body)
  const chat = `${message.bot} ${message.conversation}`
  if (answer.status < 300 && valueAt(answered, 'error') === undefined) {
    pairAccepted(chat)
    return acceptedResult(answer.status, answered, 'messages', '0', 'id')
  }
  if (valueAt(answered, 'error', 'code') === pairRate) {
    const reason = `answered ${answer.status}, error ${pairRate}: too many messages to this user`
    return { status: 'retry', afterMs: pairPauseMs(chat), counts: false, reason }
  }
  const result = resultOfGraphError(answer, answered, meaningForWhatsApp)
  if (result.status !== 'retry' || result.pauses === undefined) return result
  const pauses = result.pauses.map(({ name, ms }) => ({
    name: name === 'throughput' ? `throughput:${node}` : name,
    ms,
  }))
  return { ...result, pauses }
}

/** The request's body but for the product; what the bot gave itself goes before what is added. */
function contentOf({
  action,
  conversation,
  text,
  native,
  route,
}: OutboundMessage): object | { refused: string } {
  if (action === 'edit') return { refused: 'the Cloud API edits no message' }
  if (action === 'typing') {
    if (route?.message === undefined)
      return { refused: 'typing is shown in answer to a message, and the update is none' }
    return { status: 'read', message_id: route.message, typing_indicator: { type: 'text' } }
  }
  const place = placeOf(conversation)
  // The number, where it is known: then Meta goes on telling it.
  const recipient = recipientOf(place.group === undefined ? { user: route?.to ?? place.user } : place)
  const said = native ?? { type: 'text', text: { body: (text ?? '').toWellFormed() } }
  if (native?.to !== undefined || native?.recipient !== undefined) return said
  if (recipient === undefined) return { refused: 'the update names no user to answer' }
  return { ...recipient, ...said }
}
