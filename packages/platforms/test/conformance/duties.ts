import { checkAnyBytes } from './check-any-bytes.ts'
import { checkEvents } from './check-events.ts'
import { checkAnswer, checkLimits, checkPolling, checkRegistering } from './check-offers.ts'
import {
  checkDeliveredTwice,
  checkForeignCommands,
  checkOtherBots,
  checkOwnMessages,
  checkPlaceholderUsers,
  checkPlaces,
  checkTypedTexts,
  checkUnknownEvents,
} from './check-questions.ts'
import { checkEdit, checkSend, checkTyping } from './check-sends.ts'
import { checkAcknowledgement, checkStopEvent } from './check-signals.ts'
import { checkReplyText, checkTextLimit } from './check-texts.ts'
import { checkFixtures, checkSplit } from './check-updates.ts'
import { checkHandshake, checkReplay, checkSignature, checkWindow } from './check-verify.ts'
import type { ConformanceCase } from './conformance-case.ts'
import { createSubject, type Subject } from './subject.ts'

/** What a platform owes; `check` throws if it does not keep it, and says in a few words how it does. */
export interface Duty {
  /** The table of docs/platforms.md that it is a column of; none if all platforms have the same to say. */
  readonly table?: 'calls' | 'events' | 'answers' | 'sends'
  /** The heading of its column. */
  readonly title: string
  /** The duty as a sentence. */
  readonly promise: string
  readonly check: (subject: Subject) => Promise<string>
}

const ofCalls = [
  {
    title: 'signature (oracle)',
    promise: 'what its oracle signed is genuine, and nothing else',
    check: checkSignature,
  },
  {
    title: 'time window',
    promise: 'a signature of another time is stale, where it names a window',
    check: checkWindow,
  },
  {
    title: 'replay',
    promise: 'an event that is sent again has the ids of the first time',
    check: checkReplay,
  },
  {
    title: 'handshake',
    promise: 'handshakes, and only they, are answered by the gateway itself',
    check: checkHandshake,
  },
  {
    title: 'payloads',
    promise: 'every recorded payload becomes the updates that it should',
    check: checkFixtures,
  },
  {
    title: 'batch split',
    promise: 'raw is the event as it was sent, and of a batch no other',
    check: checkSplit,
  },
  {
    title: 'registering',
    promise: 'its webhook is set and checked by its API, or by hand',
    check: checkRegistering,
  },
  { title: 'polling', promise: 'it can be asked for updates, or not', check: checkPolling },
] as const satisfies readonly Duty[]

const ofEvents = [
  { title: 'event types', promise: 'every documented event goes where its table says', check: checkEvents },
  {
    title: 'own messages',
    promise: 'what the bot itself said is not for it to answer',
    check: checkOwnMessages,
  },
  { title: 'other bots', promise: 'a message of a bot or an app says so', check: checkOtherBots },
  {
    title: 'commands of others',
    promise: 'a command that is meant for another bot is no command',
    check: checkForeignCommands,
  },
  {
    title: 'placeholder users',
    promise: 'a placeholder is not taken for a person',
    check: checkPlaceholderUsers,
  },
  {
    title: 'delivered twice',
    promise: 'however a message is delivered, it is one update',
    check: checkDeliveredTwice,
  },
  {
    title: 'places in a chat',
    promise: 'a thread, topic or account is a conversation of its own, and replies go back there',
    check: checkPlaces,
  },
  {
    title: 'unknown events',
    promise: 'what nobody documented is other, in its place',
    check: checkUnknownEvents,
  },
  { title: 'typed texts', promise: 'the handler reads what a person typed', check: checkTypedTexts },
] as const satisfies readonly Duty[]

const ofAnswers = [
  {
    title: 'answer in the call',
    promise: 'every update gets an answer that the platform takes',
    check: checkAnswer,
  },
  {
    title: 'acknowledgement',
    promise: 'a platform that shows that it waits is told when the handler has ended',
    check: checkAcknowledgement,
  },
  {
    title: 'stop event',
    promise: 'what asks the bot to stop writing is of a kind of its own',
    check: checkStopEvent,
  },
] as const satisfies readonly Duty[]

const ofSends = [
  { title: 'send', promise: 'it can be answered as it says, and a send never throws', check: checkSend },
  {
    title: 'text limit',
    promise: 'a text of the longest is sent whole, and what is longer is told',
    check: checkTextLimit,
  },
  { title: 'reply text', promise: 'a reply is shown as it was written', check: checkReplyText },
  { title: 'edit', promise: 'it can edit as it says', check: checkEdit },
  { title: 'typing', promise: 'it can show typing as it says', check: checkTyping },
  {
    title: 'idempotent send',
    promise: 'it says whether the platform drops a send that it has had',
    check: async ({ case: { adapter } }: Subject) => (adapter.duties.sends?.idempotent ? 'yes' : 'no'),
  },
  {
    title: 'limits of a broadcast',
    promise: 'its limits follow the settings of the bot',
    check: checkLimits,
  },
] as const satisfies readonly Duty[]

/** The duties of every platform, in the order of the tables and their columns. */
export const duties: readonly Duty[] = [
  ...ofCalls.map(duty => ({ ...duty, table: 'calls' as const })),
  ...ofEvents.map(duty => ({ ...duty, table: 'events' as const })),
  ...ofAnswers.map(duty => ({ ...duty, table: 'answers' as const })),
  ...ofSends.map(duty => ({ ...duty, table: 'sends' as const })),
  {
    title: 'any bytes',
    promise: 'no body or header makes it throw, and what it reads can be stored',
    check: checkAnyBytes,
  },
]

/** How a platform kept one duty: a few words for the table, or why it did not. */
export type DutyResult =
  | { readonly ok: true; readonly says: string }
  | { readonly ok: false; readonly why: string }

/**
 * Checks duties of a platform, all if not told which; the results stand where they stand in {@link duties}.
 */
export async function checkDuties(
  platform: string,
  of: ConformanceCase,
  which: readonly number[] = [...duties.keys()],
): Promise<DutyResult[]> {
  const subject = await createSubject(platform, of)
  const results: DutyResult[] = []
  for (const n of which) results[n] = await resultOf(() => duties[n]!.check(subject))
  await subject.close()
  return results
}

async function resultOf(check: () => Promise<string>): Promise<DutyResult> {
  try {
    return { ok: true, says: await check() }
  } catch (error) {
    return { ok: false, why: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
