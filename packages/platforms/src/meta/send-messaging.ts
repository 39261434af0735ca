import type { OutboundMessage } from '@botyard/queue-contracts'
import type { SendOptions } from '../adapter.ts'
import { jsonOf, valueAt } from '../json/value-at.ts'
import { notSent } from '../send/not-sent.ts'
import type { SendResult } from '../send/send-result.ts'
import { acceptedResult, postMessage } from './graph-api.ts'
import { type ErrorMeaning, resultOfGraphError } from './graph-error.ts'
import { messagingPlaceOf } from './messaging-place.ts'

/** Where Messenger and Instagram differ when something is sent. */
export interface MessagingProduct {
  readonly apiRoot: string
  readonly apiVersion: string | undefined
  readonly token: string
  /** The page or account of the credentials; unset: the token's own. */
  readonly page: string | undefined
  /** What stands in every message unless the bot says otherwise. */
  readonly defaults: object
}

/** Sends a text, a message of the Send API's own, or "is typing". Never throws. */
export async function sendMessaging(
  message: OutboundMessage,
  { page: own, defaults, ...api }: MessagingProduct,
  options: SendOptions,
): Promise<SendResult> {
  const { page, recipient: user } = messagingPlaceOf(message.conversation)
  const { action, route } = message
  // Its author need not have written to the page:
  // https://developers.facebook.com/docs/messenger-platform/discovery/private-replies.
  const recipient = route?.comment === undefined || action === 'typing' ? user : { comment_id: route.comment }
  const refused = refusal(message, recipient !== undefined)
  if (refused) return notSent(refused)
  const body = { recipient, ...contentOf(message, defaults) }
  const posted = await postMessage({ ...api, node: page ?? own ?? 'me', body }, options)
  if ('result' in posted) return posted.result

  const { answer } = posted
  const answered = jsonOf(answer.body)
  if (answer.status < 300 && valueAt(answered, 'error') === undefined) {
    return acceptedResult(answer.status, answered, 'message_id')
  }
  return resultOfGraphError(answer, answered, meaningForMessaging)
}

function refusal({ action, native, route }: OutboundMessage, hasRecipient: boolean): string | undefined {
  if (action === 'edit') return 'the Send API edits no message'
  if (route?.mode === 'standby') return 'another app has the thread (standby)'
  return hasRecipient || native?.recipient !== undefined ? undefined : 'the update names no user to answer'
}

function contentOf({ action, text, native }: OutboundMessage, defaults: object): object {
  if (action === 'typing') return { sender_action: 'typing_on' }
  return { ...defaults, ...(native ?? { message: { text: (text ?? '').toWellFormed() } }) }
}

/** Subcodes of the Send API: https://developers.facebook.com/docs/messenger-platform/error-codes. */
const subcodes: ReadonlyMap<number, ErrorMeaning> = new Map<number, ErrorMeaning>([
  [1_545_041, { blame: 'recipient', why: 'this person is not available' }],
  [2_018_001, { blame: 'recipient', why: 'no such user of this page' }],
  [2_018_108, { blame: 'recipient', why: 'this person takes no messages of this page' }],
  [2_018_278, { blame: 'message', why: 'outside of the 24 hours since the user wrote' }],
  [2_534_022, { blame: 'message', why: 'outside of the 24 hours since the user wrote' }],
])

function meaningForMessaging(code: number, subcode: number | undefined): ErrorMeaning | undefined {
  if (code === 551) return { blame: 'recipient', why: 'this person is not available' }
  return subcode === undefined ? undefined : subcodes.get(subcode)
}
