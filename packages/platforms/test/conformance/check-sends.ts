import assert from 'node:assert/strict'
import type { OutboundMessage } from '@botyard/queue-contracts'
import fc from 'fast-check'
import type { Content, SendResult } from '../../src/index.ts'
import { nowhere } from './nowhere.ts'
import { replyTo } from './reply-to.ts'
import { type Subject, updatesOf } from './subject.ts'

/** The shapes that platforms give the ids of messages; an adapter may refuse those of others. */
const messageIds = ['1', '1503435956.000247', 'spaces/AAAA/messages/BBBB.CCCC']

/**
 * Text and the platform's own message are tried for some update of the fixtures, if the platform can be
 * answered.
 */
export async function checkSend(subject: Subject): Promise<string> {
  const can = subject.case.adapter.duties.sends !== null
  for (const [what, asked] of [
    ['text', { text: 'hi' }],
    ['the native message', { native: { text: 'hi' } }],
  ] as const) {
    assert.equal(
      await isTried(subject, asked),
      can,
      `a send of ${what} is tried if the platform can be answered`,
    )
  }
  await neverThrows(subject)
  return can ? 'text, native' : 'no'
}

/** An edit is tried if the adapter says that it can edit, and refused if not. */
export async function checkEdit(subject: Subject): Promise<string> {
  const can = subject.case.adapter.duties.sends?.edit ?? false
  const tried = await Promise.all(
    messageIds.map(message => isTried(subject, { action: 'edit', text: 'hi', message })),
  )
  assert.equal(tried.includes(true), can, 'an edit is tried if it can be')
  return can ? 'yes' : 'no'
}

/** "Is typing" is tried if the adapter says that it can show it, and refused if not. */
export async function checkTyping(subject: Subject): Promise<string> {
  const can = subject.case.adapter.duties.sends?.typing ?? false
  assert.equal(await isTried(subject, { action: 'typing' }), can, 'typing is tried if it can be')
  return can ? 'yes' : 'no'
}

async function isTried(subject: Subject, asked: Content): Promise<boolean> {
  const results = await Promise.all(messages(subject, asked).map(message => trySend(subject, message)))
  return results.some(({ status }) => status === 'retry')
}

/** Replies to all updates of the fixtures. */
function messages(subject: Subject, asked: Content): OutboundMessage[] {
  const replies = updatesOf(subject).flatMap(({ updates }) =>
    updates.map(update => replyTo(subject.platform, update, asked)),
  )
  assert.ok(replies.length > 0, 'some fixture is an update')
  return replies
}

async function neverThrows(subject: Subject): Promise<void> {
  const [reply] = messages(subject, {})
  const word = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-z:@.0-9-]{1,30}$/))
  const anything = fc.record(
    {
      action: fc.constantFrom('send' as const, 'edit' as const, 'typing' as const),
      conversation: fc.oneof(word, fc.constant(reply!.conversation)),
      text: word,
      native: fc.dictionary(word, fc.jsonValue()),
      message: word,
      route: fc.dictionary(word, word),
      user: word,
      tenant: word,
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(anything, async asked => void (await trySend(subject, { ...reply!, ...asked }))),
    { numRuns: 200 },
  )
}

async function trySend(
  { case: { adapter, credentials } }: Subject,
  message: OutboundMessage,
): Promise<SendResult> {
  const dispatcher = nowhere()
  const result = await adapter.send(message, credentials, {
    dispatcher,
    signal: new AbortController().signal,
  })
  await dispatcher.destroy()
  assert.ok(result.status === 'retry' || result.status === 'failed', `a send to nowhere is ${result.status}`)
  assert.ok(
    result.reason.length > 0 && result.reason.length <= 300 && !/\p{C}/u.test(result.reason),
    result.reason,
  )
  return result
}
