import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlatformAdapter } from '../../src/index.ts'
import type { ConformanceCase } from './conformance-case.ts'
import { duties } from './duties.ts'
import { soundAdapter, soundCase } from './made-up-platform.ts'
import type { PlatformQuestions } from './platform-questions.ts'
import type { Subject } from './subject.ts'

type Lack = {
  readonly title: string
  readonly adapter?: Partial<PlatformAdapter>
  readonly case?: Partial<ConformanceCase>
  readonly questions?: Partial<Record<keyof PlatformQuestions, unknown>>
  readonly without?: keyof PlatformAdapter
  readonly says: RegExp
}

const told = { type: 'said', number: 1, room: 'r1', author: 'u1', text: 'hi' }
const [command, halt] = soundCase.events!

/** What a new platform may forget, the duty that it fails by, and the words by which the suite names it. */
const lacks: Readonly<Record<string, Lack>> = {
  'a table of events': {
    title: 'event types',
    case: { events: undefined as never },
    says: /no table of events/,
  },
  'the set of events': { title: 'event types', without: 'events', says: /names the events that it knows/ },
  'an event of the table': {
    title: 'event types',
    adapter: { events: new Set(['said']) },
    says: /events by name/,
  },
  'the page of an event': {
    title: 'event types',
    case: { events: [{ ...command!, docs: '' }, halt!] },
    says: /said names the page/,
  },
  'the right place of an event': {
    title: 'event types',
    case: {
      events: [{ ...command!, expected: [{ kind: 'command', conversation: 'r1', user: 'u1' }] }, halt!],
    },
    says: /said: /,
  },
  'the name of an event': {
    title: 'event types',
    adapter: {
      normalise: request => soundAdapter.normalise(request).map(({ event: _, ...update }) => update),
    },
    says: /name of the event/,
  },
  'own messages': {
    title: 'own messages',
    questions: { ownMessages: [{ body: told }] },
    says: /an own message is message/,
  },
  'how own messages are told': {
    title: 'own messages',
    adapter: { duties: { ...soundAdapter.duties, ownMessages: undefined as never } },
    says: /duties.ownMessages/,
  },
  'foreign commands': {
    title: 'commands of others',
    questions: { foreignCommands: [{ body: { ...told, text: '/go' } }] },
    says: /a command for another bot/,
  },
  'placeholder users': {
    title: 'placeholder users',
    questions: { placeholderUsers: [{ body: told, user: undefined }] },
    says: /u1/,
  },
  'that a message is delivered twice': {
    title: 'delivered twice',
    questions: { deliveredTwice: [[{ body: told }, { body: { ...told, number: 2 } }]] },
    says: /same update by either delivery/,
  },
  'the conversation of a place': {
    title: 'places in a chat',
    questions: { places: [{ body: { ...told, thread: 't1' }, conversation: 'r1', route: { thread: 't1' } }] },
    says: /r1:t1/,
  },
  'to reply into a place': {
    title: 'places in a chat',
    adapter: { send: (message, ...rest) => soundAdapter.send({ ...message, route: {} }, ...rest) },
    says: /body is .*"room":"r1"/,
  },
  'unknown events': {
    title: 'unknown events',
    adapter: {
      normalise: request => soundAdapter.normalise(request).map(update => ({ ...update, kind: 'message' })),
    },
    says: /danced/,
  },
  'typed texts': {
    title: 'typed texts',
    questions: { typedTexts: [{ body: { ...told, text: 'a &lt; b' }, text: 'a < b' }] },
    says: /a &lt; b/,
  },
  'other bots': { title: 'other bots', questions: { otherBots: [{ body: told }] }, says: /undefined/ },
  'a text limit': { title: 'text limit', without: 'textLimit', says: /no textLimit/ },
  'the unit of its limit': {
    title: 'text limit',
    adapter: { textLimit: { ...soundAdapter.textLimit!, unit: 'bytes' } },
    says: /a face in bytes/,
  },
  'to send a long text whole': {
    title: 'text limit',
    adapter: {
      send: ({ text, ...message }, ...rest) =>
        soundAdapter.send({ ...message, ...(text !== undefined && { text: text.slice(0, 20) }) }, ...rest),
    },
    says: /whole text/,
  },
  'to refuse a native message that is too long': {
    title: 'text limit',
    without: 'tooLong',
    says: /too long is refused/,
  },
  'to send a reply as written': {
    title: 'reply text',
    adapter: {
      send: ({ text, ...message }, ...rest) =>
        soundAdapter.send(
          { ...message, ...(text !== undefined && { text: text.replaceAll('&', '') }) },
          ...rest,
        ),
    },
    says: /reply as written: body is/,
  },
  'its stop event': {
    title: 'stop event',
    adapter: { duties: { ...soundAdapter.duties, stopEvent: undefined as never } },
    says: /duties.stopEvent/,
  },
  'to acknowledge': { title: 'acknowledgement', without: 'acknowledge', says: /duties.acknowledgement/ },
}

test('a platform that keeps every duty of events, questions and texts passes', async () => {
  for (const { title, check } of asked) {
    await assert.doesNotReject(async () => void (await check(subjectOf(soundAdapter, soundCase))), title)
  }
})

for (const [what, { title, adapter, case: of, questions, without, says }] of Object.entries(lacks)) {
  test(`a platform that forgets ${what} fails, and the suite names it`, async () => {
    const changed = { ...soundAdapter, ...adapter }
    if (without) delete (changed as Record<string, unknown>)[without]
    const asking = { ...soundCase.questions, ...questions } as PlatformQuestions
    const subject = subjectOf(changed, { ...soundCase, ...of, questions: asking })

    const check = asked.find(duty => duty.title === title)!.check(subject)

    await assert.rejects(check, (error: Error) => says.test(error.message) || assert.fail(error.message))
  })
}

for (const question of Object.keys(soundCase.questions!) as (keyof PlatformQuestions)[]) {
  test(`a platform that leaves the question ${question} open fails, and the suite names it`, async () => {
    const questions = { ...soundCase.questions, [question]: undefined } as never
    const reasons = await reasonsOf(questions)

    assert.match(reasons, new RegExp(`question ${question}`))
  })

  if (question === 'replyText') continue
  test(`a reason for ${question} that names no page fails`, async () => {
    const questions = { ...soundCase.questions, [question]: 'There is no such thing there.' } as never
    const reasons = await reasonsOf(questions)

    assert.match(reasons, new RegExp(`${question} is a sentence with the page`))
  })
}

/** Why a case with these answers fails. */
async function reasonsOf(questions: PlatformQuestions): Promise<string> {
  const subject = subjectOf(soundAdapter, { ...soundCase, questions })
  const results = await Promise.allSettled(asked.map(({ check }) => check(subject)))
  return results.flatMap(result => (result.status === 'rejected' ? [String(result.reason)] : [])).join('\n')
}

/** The checks that need no recorded payloads. */
const asked = duties.filter(
  ({ table, title }) =>
    table === 'events' || ['text limit', 'reply text', 'stop event', 'acknowledgement'].includes(title),
)

function subjectOf(adapter: PlatformAdapter, of: ConformanceCase): Subject {
  const network = { dispatcher: undefined as never, signal: new AbortController().signal }
  return { platform: 'made-up', case: { ...of, adapter }, samples: [], network }
}
