import { type ControlDatabase, createAuditLog } from '@botyard/control-database'
import { type ParkedHead, readParked, type Tokens, unpark } from '@botyard/mailbox'
import {
  type BoxName,
  botOf,
  type ConversationKey,
  decodeOutbound,
  encodeBroadcastResult,
  encodeDeadLetter,
  outboundContext,
} from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import type { Redis } from 'ioredis'
import type { Actor } from '../actor.ts'
import { NotParkedError, ParkedChangedError, QueuesUnavailableError } from '../errors.ts'

/** What deciding on a parked conversation stands on. */
export interface UnparkDeps {
  readonly db: ControlDatabase
  readonly keyring: Keyring
  readonly redis: Redis
  readonly partitions: number
  readonly tokens: Tokens
}

/** An operator's word: try the head again, or give it up; what follows stays in order either way. */
export interface UnparkOrder {
  readonly conversation: ConversationKey
  readonly box: BoxName
  readonly do: 'retry' | 'skip'
}

/**
 * Lets a parked conversation go on; `ready`: it has mail and a worker takes it, `empty`: nothing was behind
 * what was skipped.
 */
export async function unparkConversation(
  deps: UnparkDeps,
  actor: Actor,
  order: UnparkOrder,
): Promise<'ready' | 'empty'> {
  const { db, keyring, redis, partitions, tokens } = deps
  const { conversation, box } = order
  const parked = await orUnavailable(readParked(redis, partitions, box, conversation))
  if (!parked) throw new NotParkedError(conversation, box)
  const word =
    order.do === 'retry'
      ? ({ do: 'retry' } as const)
      : ({ do: 'skip', letter: recordOf(parked, box, keyring) } as const)

  // The entry first: what cannot be put on record is not done.
  return db.transaction().execute(async trx => {
    await createAuditLog(trx).append({
      actor: actor.subject,
      role: actor.role,
      action: `conversation.${order.do}`,
      target: botOf(conversation),
      details: { conversation, box, reason: parked.reason },
    })
    const answer = await orUnavailable(unpark({ redis, partitions, tokens }, parked, word))
    if (answer === 'not-parked') throw new NotParkedError(conversation, box)
    if (answer === 'changed') throw new ParkedChangedError(conversation)
    return answer
  })
}

/**
 * What takes the place of a skipped head: a broadcast's recipient has a result, everything else is a dead
 * letter.
 */
function recordOf(
  { conversation, reason, attempt, head }: ParkedHead,
  box: BoxName,
  keyring: Keyring,
): Buffer {
  const bot = botOf(conversation)
  const broadcast = box === 'outbox' ? broadcastOf(conversation, head, keyring) : undefined
  if (broadcast) {
    const outcome = reason === 'WRK_SEND_UNCERTAIN' ? 'uncertain' : 'failed'
    const { id, n } = broadcast
    return encodeBroadcastResult({
      kind: 'broadcast-result',
      bot,
      broadcast: id,
      n,
      outcome,
      reason,
      atMs: Date.now(),
    })
  }
  return encodeDeadLetter(
    {
      id: `${box}/${conversation}/${head.hash.toString('base64url')}`,
      bot,
      conversation,
      box,
      reason,
      tries: attempt,
      acceptedAtMs: head.acceptedAtMs,
      diedAtMs: Date.now(),
    },
    head.body,
  )
}

function broadcastOf(conversation: ConversationKey, { hash, body }: ParkedHead['head'], keyring: Keyring) {
  try {
    return decodeOutbound(keyring.open(body, outboundContext(conversation, hash))).broadcast
  } catch {
    // What nobody can read is parked too, and may be skipped.
    return undefined
  }
}

/** Redis is all that can be away here. */
export async function orUnavailable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    throw new QueuesUnavailableError({ cause })
  }
}
