import type { ConversationKey } from '@botyard/queue-contracts'
import type { ClaimAnswer } from './scripts.ts'

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
  /** More is ready than was taken. */
  readonly more: boolean
  /** When something becomes ready by itself, in ms; undefined if nothing does. */
  readonly dueInMs: number | undefined
  readonly addToken: boolean
}

/** Reads what a turn answered about a claim; undefined if none was asked. */
export function readClaim(answer: ClaimAnswer): ClaimResult | undefined {
  if (answer === 0 || answer === 1) return undefined
  const [more, dueInMs, addToken, firstFence, ...rest] = answer
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
  return { claimed, more: more === 1, dueInMs: dueInMs < 0 ? undefined : dueInMs, addToken: addToken === 1 }
}

function readTrouble(packed: string): Trouble {
  const [tries = 0, crashes = 0, crashesAlone = 0, interrupted = 0, , , blamed = 0] = packed.split(' ').map(Number)
  return { tries, crashes, crashesAlone, interrupted: interrupted === 1, blamed }
}
