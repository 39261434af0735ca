import assert from 'node:assert/strict'
import type { SendResult, TextLimit } from '../../src/index.ts'
import type { Received } from '../http/local-server.ts'
import { awkwardText } from './awkward-text.ts'
import { reasoned } from './check-questions.ts'
import { assertRequest } from './expected-request.ts'
import { startRecorder } from './recorder.ts'
import { replyTo } from './reply-to.ts'
import { requestOfCall } from './request-of-call.ts'
import type { Subject } from './subject.ts'

/** How long one face is that lies beyond the basic plane of Unicode, by the unit of a limit. */
const lengthOfFace = { 'UTF-16 units': 2, characters: 1, bytes: 4 }

/** A text of the platform's longest is sent whole by one call, and one of a unit more counts as too long. */
export async function checkTextLimit(subject: Subject): Promise<string> {
  const { adapter } = subject.case
  const { textLimit } = adapter
  if (adapter.duties.sends === null) return 'none'
  assert.ok(textLimit, 'the adapter has no textLimit')
  const { max, unit } = textLimit
  assert.equal(textLimit.measure('😀'), lengthOfFace[unit], `a face in ${unit}`)
  const longest = 'a'.repeat(max)
  assert.equal(textLimit.measure(longest), max, 'the longest text')
  assert.ok(textLimit.measure(`${longest}a`) > max, 'a text with a unit more')
  await checkSentWhole(subject, longest)
  checkAwkwardMeasure(textLimit)
  checkTooLong(subject, textLimit)
  return `${max.toLocaleString('en')} ${unit}`
}

/** Characters that the platform's markup knows are shown as they were written. */
export async function checkReplyText(subject: Subject): Promise<string> {
  const { questions, adapter } = subject.case
  if (adapter.duties.sends === null) return 'none'
  const { requests, result } = await reply(subject, awkwardText)
  assert.equal(result.status, 'sent', JSON.stringify(result))
  assertRequest(requests.at(-1)!, questions.replyText.reply, 'reply as written')
  return 'as written'
}

/** A native message is refused for its length, and only for that. */
function checkTooLong(subject: Subject, { max }: TextLimit): void {
  const { adapter, questions } = subject.case
  const native = questions.nativeText
  assert.ok(native, 'the case does not answer the question nativeText')
  if (typeof native === 'string') return void reasoned('nativeText', native)
  const maxCharacters = native.max ?? max
  assert.equal(
    adapter.tooLong?.(native.of('a'.repeat(maxCharacters))),
    undefined,
    'a native message of the longest text',
  )
  const refusal = adapter.tooLong?.(native.of('a'.repeat(maxCharacters + 1)))
  assert.match(refusal ?? '', /\w+ \w+/, 'why a native message that is too long is refused')
}

/** Escapes only ever add to a text, so it never measures less than it is. */
function checkAwkwardMeasure({ unit, measure }: TextLimit): void {
  const lengths = {
    'UTF-16 units': awkwardText.length,
    characters: [...awkwardText].length,
    bytes: Buffer.byteLength(awkwardText),
  }
  assert.ok(measure(awkwardText) >= lengths[unit], `${measure(awkwardText)} ${unit} of ${lengths[unit]}`)
}

async function checkSentWhole(subject: Subject, text: string): Promise<void> {
  const { requests, result } = await reply(subject, text)
  assert.equal(result.status, 'sent', JSON.stringify(result))
  assert.equal(requests.length, 1, 'one call')
  assert.ok(requests[0]!.body.includes(text), 'the whole text is in it')
}

/** Sends a text in reply to the message of the question `replyText`. */
async function reply(subject: Subject, text: string): Promise<{ requests: Received[]; result: SendResult }> {
  const { adapter, credentials, accepted = {}, questions } = subject.case
  assert.ok(questions.replyText, 'the case does not answer the question replyText')
  const [update] = adapter.normalise(await requestOfCall(subject, questions.replyText), questions.identity)
  assert.ok(update, 'the message to reply to is an update')
  const recorder = await startRecorder(accepted)
  try {
    const result = await adapter.send(
      replyTo(subject.platform, update, { text }),
      credentials,
      recorder.network,
    )
    return { requests: recorder.take(), result }
  } finally {
    await recorder.close()
  }
}
