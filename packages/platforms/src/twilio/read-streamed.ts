import { hash } from 'node:crypto'
import type { NormalisedUpdate } from '../adapter.ts'
import { idAt, textAt, valueAt } from '../json/value-at.ts'
import { kindOfText } from '../text/kind-of-text.ts'
import { streamedKinds } from './event-names.ts'
import { placeOf } from './parties.ts'

/** Reads a CloudEvent of Event Streams; a message that also came by its own webhook has the same id. */
export function readStreamed(event: unknown, raw: Uint8Array): NormalisedUpdate {
  const type = textAt(event, 'type')
  const data = valueAt(event, 'data')
  const known = streamedKinds.get(type ?? '') ?? 'other'
  const sid = textAt(data, 'messageSid')
  const text = textAt(data, 'body') ?? textAt(data, 'MessageBody')
  const isInbound = known === 'message'
  const sentAtMs = Date.parse(textAt(data, 'timestamp') ?? textAt(data, 'DateCreated') ?? '')
  return {
    id: (sid !== undefined && idOfMessage(sid, known, data)) || (textAt(event, 'id') ?? hash('sha256', raw)),
    kind: isInbound ? kindOfText(text) : known,
    ...placeOfData(data, isInbound),
    ...(text !== undefined && known !== 'status' && { text }),
    ...(sentAtMs > 0 && { sentAtMs }),
    ...(type !== undefined && { event: type }),
    raw,
  }
}

function idOfMessage(sid: string, kind: NormalisedUpdate['kind'], data: unknown): string | undefined {
  if (kind === 'message') return sid
  const status = textAt(data, 'messageStatus')?.toLowerCase()
  const error = idAt(data, 'errorCode')
  if (kind !== 'status' || status === undefined) return undefined
  return [sid, status, ...(error === undefined || error === '0' ? [] : [error])].join(':')
}

function placeOfData(
  data: unknown,
  isInbound: boolean,
): Pick<NormalisedUpdate, 'conversation' | 'user' | 'route'> {
  const conversation = textAt(data, 'ConversationSid')
  if (conversation === undefined) {
    const [from, to] = [textAt(data, 'from'), textAt(data, 'to')]
    const [ours, theirs = textAt(data, 'Identity')] = isInbound ? [to, from] : [from, to]
    return placeOf({ ours, theirs, service: textAt(data, 'messagingServiceSid') })
  }
  const author =
    textAt(data, 'Author') ?? textAt(data, 'Identity') ?? textAt(data, 'MessagingBinding', 'Address')
  const user = author === 'system' ? undefined : author
  return { conversation, ...(user !== undefined && { user }) }
}
