import type { ConversationKey } from '@botyard/queue-contracts'
import type { ClaimAnswer } from '../redis/scripts.ts'

/** What is known of a head that did not go through at once. */
export interface Trouble {
  readonly tries: number
  readonly crashes: number
  readonly crashesAlone: number
  readonly interrupted: boolean
  readonly blamed: number
}

/** A conversation that was claimed. */
export interface Claimed {
  readonly conversation: ConversationKey
  readonly fence: string
  readonly trouble: Trouble | undefined
  readonly head: Buffer
}

/** What came of a claim. */
export interface ClaimResult {
  readonly claimed: readonly Claimed[]
  /** Bots that still have something ready. */
  readonly left: number
  /** When something becomes ready by itself, in ms; undefined if nothing does. */
  readonly dueInMs: number | undefined
  /** Groups that need a token. */
  readonly addTokens: readonly string[]
  /** So long this process must look by itself for what becomes ready, in ms; 0 if tokens tell it. */
  readonly lookoutMs: number
}

/** Reads what a turn answered about a claim; undefined if none was asked. */
export function readClaim(answer: ClaimAnswer): ClaimResult | undefined {
  if (!isClaim(answer)) return undefined
  const [left, dueInMs, addTokens, firstFence, lookoutMs, ...rest] = answer
  const claimed: Claimed[] = []
  for (let i = 0; i < rest.length; i += 3) {
    const [name, trouble, head] = rest.slice(i, i + 3) as [Buffer, Buffer | 0, Buffer | null]
    // A repeated turn whose hold was taken over since.
    if (head === null) continue
    claimed.push({
      conversation: name.toString('latin1') as ConversationKey,
      fence: String(firstFence + i / 3),
      trouble: trouble === 0 ? undefined : readTrouble(trouble.toString('latin1')),
      head,
    })
  }
  return {
    claimed,
    left,
    dueInMs: dueInMs < 0 ? undefined : dueInMs,
    addTokens: groupsOf(addTokens),
    lookoutMs,
  }
}

/** The groups that need a token although no claim was asked. */
export function readTokens(answer: ClaimAnswer): string[] {
  return answer === 0 || isClaim(answer) ? [] : groupsOf(answer[0])
}

function isClaim(answer: ClaimAnswer): answer is Extract<ClaimAnswer, [number, ...unknown[]]> {
  return answer !== 0 && typeof answer[0] === 'number'
}

function groupsOf(names: readonly Buffer[]): string[] {
  return names.map(group => group.toString('latin1'))
}

function readTrouble(packed: string): Trouble {
  const [tries = 0, crashes = 0, crashesAlone = 0, interrupted = 0, , , blamed = 0] = packed
    .split(' ')
    .map(Number)
  return { tries, crashes, crashesAlone, interrupted: interrupted === 1, blamed }
}
