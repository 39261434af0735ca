import assert from 'node:assert/strict'
import type { NormalisedUpdate } from '../../src/index.ts'
import { assertRequest } from './expected-request.ts'
import type { Call, Place, PlatformQuestions } from './platform-questions.ts'
import { startRecorder } from './recorder.ts'
import { replyTo } from './reply-to.ts'
import { requestOfCall } from './request-of-call.ts'
import type { Subject } from './subject.ts'

/** Nothing that the bot itself said is for it to answer, and the adapter says how that is told. */
export async function checkOwnMessages(subject: Subject): Promise<string> {
  await tryOwnMessages(subject)
  const { ownMessages } = subject.case.adapter.duties
  assert.ok(ownMessages, 'duties.ownMessages says how own messages are told')
  return ownMessages
}

const tryOwnMessages = asked('ownMessages', async (subject, call) => {
  for (const { kind } of await read(subject, call)) {
    assert.ok(['other', 'status'].includes(kind), `an own message is ${kind}: ${JSON.stringify(call.body)}`)
  }
})

/** A command that names another bot is no command for this one. */
export const checkForeignCommands = asked('foreignCommands', async (subject, call) => {
  for (const { kind } of await read(subject, call)) {
    assert.notEqual(kind, 'command', `a command for another bot: ${JSON.stringify(call.body)}`)
  }
})

/** A placeholder is not taken for a person. */
export const checkPlaceholderUsers = asked('placeholderUsers', async (subject, call) => {
  for (const { user } of await readSome(subject, call))
    assert.equal(user, call.user, JSON.stringify(call.body))
})

/** However it is delivered, one message is one update. */
export const checkDeliveredTwice = asked('deliveredTwice', async (subject, calls) => {
  assert.ok(calls.length > 1, 'a list of at least two deliveries')
  const updates = (await Promise.all(calls.map(call => readSome(subject, call)))).flat()
  const found = updates.map(({ id, conversation, kind, user, text }) => ({
    id,
    conversation,
    kind,
    user,
    text,
  }))
  for (const update of found) assert.deepEqual(update, found[0], 'the same update by either delivery')
})

/** A message of a thread, topic or account is in a conversation of its own, and its reply goes back there. */
export const checkPlaces = asked('places', async (subject, place) => {
  for (const update of await readSome(subject, place)) {
    const { conversation, route = {} } = update
    const { conversation: expected, route: expectedRoute } = place
    assert.deepEqual({ conversation, route: { ...route } }, { conversation: expected, route: expectedRoute })
    if (subject.case.adapter.duties.sends !== null) await checkReply(subject, update, place)
  }
})

/** An event that nobody documented is kept apart and in its place. */
export const checkUnknownEvents = asked('unknownEvents', async (subject, call) => {
  for (const { kind, conversation, event } of await readSome(subject, call)) {
    assert.deepEqual(
      { kind, conversation },
      { kind: 'other', conversation: call.conversation },
      JSON.stringify(call.body),
    )
    assert.ok(event === undefined || !subject.case.adapter.events.has(event), `${event} is no known event`)
  }
})

/** The handler reads what a person typed. */
export const checkTypedTexts = asked('typedTexts', async (subject, call) => {
  for (const { text } of await readSome(subject, call))
    assert.equal(text, call.text, JSON.stringify(call.body))
})

/** A bot or an app is told from a person. */
export const checkOtherBots = asked('otherBots', async (subject, call) => {
  for (const { fromBot } of await readSome(subject, call))
    assert.equal(fromBot, true, JSON.stringify(call.body))
})

type Question = {
  [Name in keyof PlatformQuestions]-?: PlatformQuestions[Name] extends readonly unknown[] | string
    ? Name
    : never
}[keyof PlatformQuestions]
type AskedBody<Name extends Question> = Exclude<PlatformQuestions[Name], string>[number]

/** The check of a question: each of its bodies is tried, or its sentence must be one. */
function asked<Name extends Question>(
  name: Name,
  check: (subject: Subject, body: AskedBody<Name>) => Promise<void>,
) {
  return async (subject: Subject): Promise<string> => {
    const { questions } = subject.case
    const answer = questions[name]
    assert.ok(answer !== undefined, `the case does not answer the question ${name}`)
    if (typeof answer === 'string') return reasoned(name, answer)
    assert.ok(answer.length > 0, `${name}: some body is tried`)
    for (const body of answer) await check(subject, body as AskedBody<Name>)
    return `${answer.length} tried`
  }
}

/** Why a question does not arise: a sentence that names the platform's page. */
export function reasoned(question: string, reason: string): string {
  assert.match(
    reason,
    /^[A-Z'"`].{20,}https:\/\/\S+/s,
    `${question} is a sentence with the page that says so`,
  )
  return 'does not arise'
}

async function read(subject: Subject, call: Call): Promise<NormalisedUpdate[]> {
  return subject.case.adapter.normalise(await requestOfCall(subject, call), subject.case.questions.identity)
}

async function readSome(subject: Subject, call: Call): Promise<NormalisedUpdate[]> {
  const updates = await read(subject, call)
  assert.ok(updates.length > 0, `some update of ${JSON.stringify(call.body)}`)
  return updates
}

async function checkReply(subject: Subject, update: NormalisedUpdate, { reply, body }: Place): Promise<void> {
  assert.ok(reply, `what the reply to ${JSON.stringify(body)} must hold`)
  if (typeof reply === 'string') return void reasoned('places', reply)
  const { adapter, credentials, accepted = {} } = subject.case
  const recorder = await startRecorder(accepted)
  try {
    const result = await adapter.send(
      replyTo(subject.platform, update, { text: 'hi' }),
      credentials,
      recorder.network,
    )
    assert.equal(result.status, 'sent', `a reply to ${JSON.stringify(body)}: ${JSON.stringify(result)}`)
    assertRequest(recorder.take().at(-1)!, reply, JSON.stringify(body))
  } finally {
    await recorder.close()
  }
}
