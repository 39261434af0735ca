import {
  type ControlDatabase,
  createAuditLog,
  createDeadLetterStore,
  type DeadLetter,
  type DeadLetterChoice,
} from '@botyard/control-database'
import { revive, type Tokens } from '@botyard/mailbox'
import type { BoxName } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import type { Actor } from '../actor.ts'
import { DeadLetterNotFoundError } from '../errors.ts'
import { orUnavailable } from '../parked/unpark-conversation.ts'

/** What deciding on dead letters stands on. */
export interface DeadLetterDeps {
  readonly db: ControlDatabase
  readonly redis: Redis
  readonly partitions: number
  readonly tokens: Tokens
}

/** What came of an order: how many letters it took, and how many of those that were meant are left. */
export interface DeadLettersDone {
  readonly done: number
  readonly left: number
}

/**
 * Has dead letters taken again by their conversations, behind what waits there, in the order in which they
 * came; `perSecond` at most. Each is taken once, however often that is asked or interrupted: it is put back
 * first and deleted here then, and a death that was put back is not put back again.
 */
export async function retryDeadLetters(
  deps: DeadLetterDeps,
  actor: Actor,
  choice: DeadLetterChoice,
  perSecond: number,
): Promise<DeadLettersDone> {
  return decide(deps, actor, 'retry', choice, async letters => {
    for (const [i, letter] of letters.entries()) {
      const { box, hash } = placeOf(letter)
      const revival = {
        ...{ box, hash, conversation: letter.conversation, body: letter.envelope },
        death: `${letter.id}/${letter.diedAt.getTime()}`,
        afterMs: Math.floor(i / perSecond) * 1000,
      }
      await orUnavailable(revive(deps, revival))
    }
  })
}

/** Deletes dead letters for good. */
export async function discardDeadLetters(
  deps: DeadLetterDeps,
  actor: Actor,
  choice: DeadLetterChoice,
): Promise<DeadLettersDone> {
  return decide(deps, actor, 'discard', choice, async () => undefined)
}

async function decide(
  { db }: DeadLetterDeps,
  actor: Actor,
  what: 'retry' | 'discard',
  choice: DeadLetterChoice,
  act: (letters: readonly DeadLetter[]) => Promise<void>,
): Promise<DeadLettersDone> {
  const store = createDeadLetterStore(db)
  const letters = await store.find(choice)
  if ('id' in choice && letters.length === 0) throw new DeadLetterNotFoundError(choice.id)
  // The entry first: what cannot be put on record is not done.
  const done = await db.transaction().execute(async trx => {
    await createAuditLog(trx).append({
      actor: actor.subject,
      role: actor.role,
      action: `dead-letter.${what}`,
      target: 'bot' in choice ? choice.bot : letters[0]!.bot,
      details: { ...choice, letters: letters.length },
    })
    await act(letters)
    return createDeadLetterStore(trx).remove(letters)
  })
  return { done, left: 'bot' in choice ? await store.count(choice) : 0 }
}

/** A letter's id is its box, its conversation and the keyed hash of its entry. */
function placeOf({ id }: Pick<DeadLetter, 'id'>): { box: BoxName; hash: Buffer } {
  return {
    box: id.slice(0, id.indexOf('/')) as BoxName,
    hash: Buffer.from(id.slice(id.lastIndexOf('/') + 1), 'base64url'),
  }
}
