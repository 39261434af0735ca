import { checkAnyBytes } from './check-any-bytes.ts'
import { checkAnswer, checkLimits, checkPolling, checkRegistering } from './check-offers.ts'
import { checkEdit, checkSend, checkTyping } from './check-sends.ts'
import { checkFixtures, checkSplit } from './check-updates.ts'
import { checkHandshake, checkReplay, checkSignature, checkWindow } from './check-verify.ts'
import type { ConformanceCase } from './conformance-case.ts'
import { createSubject, type Subject } from './subject.ts'

/** What a platform owes; `check` throws if it does not keep it, and says in a few words how it does. */
export interface Duty {
  /** The heading of its column in docs/platforms.md. */
  readonly title: string
  /** The duty as a sentence. */
  readonly promise: string
  readonly check: (subject: Subject) => Promise<string>
}

/** The duties of every platform, in the order of the columns. */
export const duties = [
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
  { title: 'replay', promise: 'an event that is sent again has the ids of the first time', check: checkReplay },
  {
    title: 'handshake',
    promise: 'handshakes, and only they, are answered by the gateway itself',
    check: checkHandshake,
  },
  { title: 'payloads', promise: 'every recorded payload becomes the updates that it should', check: checkFixtures },
  { title: 'batch split', promise: 'raw is the event as it was sent, and of a batch no other', check: checkSplit },
  {
    title: 'any bytes',
    promise: 'no body or header makes it throw, and what it reads can be stored',
    check: checkAnyBytes,
  },
  { title: 'answer in the call', promise: 'every update gets an answer that the platform takes', check: checkAnswer },
  { title: 'send', promise: 'it can be answered as it says, and a send never throws', check: checkSend },
  { title: 'edit', promise: 'it can edit as it says', check: checkEdit },
  { title: 'typing', promise: 'it can show typing as it says', check: checkTyping },
  {
    title: 'idempotent send',
    promise: 'it says whether the platform drops a send that it has had',
    check: async ({ case: { adapter } }) => (adapter.duties.sends?.idempotent ? 'yes' : 'no'),
  },
  { title: 'limits of a broadcast', promise: 'its limits follow the settings of the bot', check: checkLimits },
  { title: 'registering', promise: 'its webhook is set and checked by its API, or by hand', check: checkRegistering },
  { title: 'polling', promise: 'it can be asked for updates, or not', check: checkPolling },
] as const satisfies readonly Duty[]

/** How a platform kept one duty: a few words for the table, or why it did not. */
export type DutyResult = { readonly ok: true; readonly says: string } | { readonly ok: false; readonly why: string }

/** Checks duties of a platform, all if not told which; the results stand where they stand in {@link duties}. */
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
