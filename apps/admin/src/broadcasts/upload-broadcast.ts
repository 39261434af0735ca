import type { Readable } from 'node:stream'
import { createAuditLog, createBotStore } from '@botyard/control-database'
import {
  type Broadcast,
  type BroadcastMessage,
  createBroadcastStore,
  type Recipient,
} from '@botyard/control-database/broadcasts'
import { type PlatformAdapter, whyNoBroadcast } from '@botyard/platforms'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Actor } from '../actor.ts'
import type { BotAdminDeps } from '../bots/bot-admin-deps.ts'
import { InvalidRequestError, NotAnswerableError, UnknownBotError } from '../errors.ts'
import { MessageLine, RecipientLine } from './broadcast-schemas.ts'
import { problemOfLength } from './problem-of-length.ts'
import { readNdjson } from './read-ndjson.ts'

/** Recipients written at a time. */
const pageSize = 2_000

const isMessage = Compile(MessageLine)
const isRecipient = Compile(RecipientLine)

/**
 * Takes a broadcast as it streams in: its message, then its recipients, page by page into the control
 * database. It starts when the last one is there; an upload that breaks off, or has a bad line, leaves
 * nothing behind.
 */
export async function uploadBroadcast(
  deps: BotAdminDeps,
  actor: Actor,
  bot: string,
  body: Readable,
  { paused }: { paused: boolean },
): Promise<Broadcast> {
  const known = await createBotStore(deps.db, deps.keyring).get(bot)
  if (!known) throw new UnknownBotError(bot)
  const adapter = deps.adapters[known.platform]
  if (adapter.duties.sends === null) throw new NotAnswerableError(known.platform)
  const broadcasts = createBroadcastStore(deps.db, deps.keyring)
  const lines = readNdjson(body)
  const first = await lines.next()
  if (first.done || !isMessage.Check(first.value.value)) {
    await lines.return(undefined)
    throw refused(first.done ? 1 : first.value.line, MessageLine)
  }

  const message = first.value.value as BroadcastMessage
  const method = methodOf(adapter, message)
  const long = problemOfLength(adapter, message)
  if (typeof method !== 'string' || long !== undefined) {
    await lines.return(undefined)
    throw typeof method === 'string' ? long : method
  }

  const id = await broadcasts.create(bot, message)
  try {
    let count = 0
    let page: Recipient[] = []
    const flush = async () => {
      if (page.length > 0) await broadcasts.addRecipients(id, count, page)
      count += page.length
      page = []
    }
    for await (const { line, value } of lines) {
      if (!isRecipient.Check(value)) throw refused(line, RecipientLine)
      page.push(typeof value === 'string' ? { conversation: value } : (value as Recipient))
      if (page.length === pageSize) await flush()
    }
    await flush()
    await createAuditLog(deps.db).append({
      actor: actor.subject,
      role: actor.role,
      action: 'broadcast.create',
      target: bot,
      details: { broadcast: id, method, recipients: count },
    })
    return await broadcasts.start(id, count, paused)
  } catch (error) {
    await broadcasts
      .abandon(id)
      .catch(err => deps.logger.warn({ err, broadcast: id }, 'broken upload not removed yet'))
    throw error
  }
}

function refused(line: number, schema: TSchema & { description?: string }): InvalidRequestError {
  return new InvalidRequestError(`/${line}`, `Line ${line} is not ${schema.description}`)
}

/** What is asked of the platform, for the audit log; or why a broadcast may not ask for it. */
function methodOf({ broadcasts }: PlatformAdapter, message: BroadcastMessage): string | InvalidRequestError {
  if ('text' in message) return 'text'
  if (broadcasts === undefined)
    return new InvalidRequestError('/1/native', 'Line 1: this platform takes text alone')
  const why = whyNoBroadcast(broadcasts, message.native)
  if (why === undefined) return broadcasts.nameOf(message.native)
  const path = why.member === undefined ? '/1/native' : `/1/native/${why.member}`
  return new InvalidRequestError(
    path,
    `Line 1: ${why.member === undefined ? why.reason : `${path} ${why.reason}`}`,
  )
}
