import { type BotDefinition, type Invocation, type Log, type OpenDownload, runBot } from '@botyard/bot-kit'
import type { Bot, BotDirectory } from '@botyard/control-database'
import { CrashedError, type Disposition, type Mail, newEntry, type Reply } from '@botyard/mailbox'
import type { Content, PlatformAdapter } from '@botyard/platforms'
import {
  type BotIdentity,
  botOf,
  encodeOutbound,
  type InboundUpdate,
  noGroup,
  outboundContext,
  type Platform,
} from '@botyard/queue-contracts'
import { describeWithoutText, type Keyring, type Naming } from '@botyard/service-kit'
import type { Logger } from 'pino'
import type { OnceSteps } from '../data/once-store.ts'
import type { OpenData } from '../data/user-data.ts'
import {
  BotGoneError,
  HandlerMissingError,
  OtherGroupError,
  ReplyLoopError,
  TooManyRepliesError,
} from '../errors.ts'
import { isDataAway, maxBlamed, maxCrashesAlone } from '../failures/judge-failure.ts'
import type { Handlers } from '../handlers/load-bots.ts'
import type { MissingHandlers } from '../handlers/missing-handlers.ts'
import { runInNameOf } from '../isolation/running-code.ts'
import type { WorkerMetrics } from '../metrics.ts'
import type { Identities } from '../outbox/identities.ts'
import type { TaskPool } from '../tasks/task-pool.ts'
import type { Acknowledge } from './acknowledge.ts'
import { addressed } from './address-reply.ts'
import { openInbound } from './open-inbound.ts'
import { isOfPredecessor } from './predecessor.ts'
import type { ReplyLoops } from './reply-loops.ts'
import type { Respond } from './respond.ts'
import type { ShowTyping } from './show-typing.ts'
import { nameOf } from './update-name.ts'

/** What handling needs. */
export interface HandleUpdateDeps {
  readonly acknowledge: Acknowledge
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly bots: Pick<BotDirectory, 'lookup'>
  readonly download: OpenDownload
  /** The groups of bots that this worker runs. */
  readonly groups: readonly string[]
  readonly handlers: Handlers
  readonly identities: Pick<Identities, 'of'>
  readonly keyring: Keyring
  readonly loops: ReplyLoops
  readonly missingHandlers: Pick<MissingHandlers, 'met'>
  readonly naming: Naming
  readonly once: OnceSteps
  readonly openData: OpenData
  readonly respond: Respond
  readonly showTyping: ShowTyping
  readonly tasks: Pick<TaskPool, 'of'>
  readonly metrics: WorkerMetrics
  readonly logger: Logger
}

/**
 * The worker's main path: open, decode, run the bot's code, and answer with its replies, sealed for the
 * outbox: they come to exist in the script that settles the update, or not at all. Throws what went wrong;
 * `judgeFailure` says what it means.
 */
export function createHandleUpdate(
  deps: HandleUpdateDeps,
): (mail: Mail, signal: AbortSignal) => Promise<Disposition> {
  const {
    acknowledge,
    adapters,
    bots,
    download,
    groups,
    handlers,
    identities,
    keyring,
    loops,
    missingHandlers,
    naming,
    once,
    openData,
    respond,
    showTyping,
    tasks,
    metrics,
    logger,
  } = deps

  return async function handleUpdate(mail, signal) {
    if (mail.crashesAlone >= maxCrashesAlone || mail.blamed >= maxBlamed) throw new CrashedError()
    const bot = await bots.lookup(botOf(mail.conversation))
    if (bot === undefined) throw new BotGoneError(botOf(mail.conversation))
    // Redis may have lost the bot's group, or not heard of it yet.
    const group = bot.settings.group ?? noGroup
    if (!groups.includes(group)) throw new OtherGroupError(bot.id, group)
    const name = nameOf(mail)
    const opened = openInbound(keyring, mail)
    const { update, raw } = opened instanceof Promise ? await opened : opened
    if (isOfPredecessor(bot, update)) throw new BotGoneError(bot.id)
    if (isOwn(update, identities.of(bot))) update.kind = 'other'
    loops.saw(mail.conversation, update)
    const definition = definitionOf(bot)

    const startedAt = performance.now()
    const platform = update.platform
    const ageMs = Date.now() - update.receivedAtMs
    metrics.started(platform, ageMs)
    const ids = { bot: bot.id, update: name, conversation: mail.conversation }
    const line = { ...ids, kind: update.kind, attempt: mail.tries + 1, ageMs }
    let answered = false
    try {
      const invocation: Invocation = {
        update,
        raw,
        attempt: mail.tries + 1,
        signal,
        limits: adapters[platform],
        once: once.of(mail),
        runTask: tasks.of(bot.id),
        download,
        openData: () => openData({ bot, update, hash: mail.hash, signal }),
        isTooEarly: isDataAway,
        log: logWith(ids),
        typing: () => showTyping(bot, update, signal),
        respond(json) {
          answered = respond(update, mail.hash, json)
          if (answered) acknowledge.responded(mail)
        },
      }
      const code = { ...ids, handler: bot.handler, fail: mail.fail }
      const { replies } = await runInNameOf(code, () => runBot(definition, invocation))
      const isLoop =
        replies.length > 0 && loops.isOneTooMany(mail.conversation, update, bot.settings.loopLimit)
      if (isLoop) throw new ReplyLoopError()
      const ms = performance.now() - startedAt
      metrics.ran(platform, ms)
      logger.info({ ...line, outcome: 'ok', replies: replies.length, ms: Math.round(ms) }, 'update handled')
      const first = acknowledge.handled(mail, update, replies)
      const joined = adapters[platform].join?.(replies) ?? replies
      const said = first === undefined ? joined : [first, ...joined]
      return { do: 'ack', replies: withinBounds(said.map((reply, n) => sealReply(mail, update, reply, n))) }
    } catch (err) {
      const ms = performance.now() - startedAt
      metrics.ran(platform, ms)
      const error = describeWithoutText(err)
      logger.warn({ ...line, outcome: 'failed', error, ms: Math.round(ms) }, 'update failed')
      // After an abort its reason decides, whatever the handler and its libraries made of it: a shutdown is
      // no failed try.
      throw signal.aborted ? signal.reason : err
    } finally {
      // No answer comes any more: the caller that waits for one gets the fallback now.
      if (!answered) respond(update, mail.hash, undefined)
    }
  }

  function definitionOf(bot: Bot): BotDefinition {
    const definition = handlers.get(bot.handler)
    if (definition === undefined) {
      throw new HandlerMissingError(bot.id, bot.handler, missingHandlers.met(bot.id, bot.handler))
    }
    return definition
  }

  /** Not a child logger: making one costs more than most handlers. */
  function logWith(ids: object): Log {
    return {
      info: (fields, message) => logger.info({ ...fields, ...ids }, message),
      warn: (fields, message) => logger.warn({ ...fields, ...ids }, message),
      error: (fields, message) => logger.error({ ...fields, ...ids }, message),
    }
  }

  function sealReply(mail: Mail, update: InboundUpdate, reply: Content, n: number): Reply {
    const message = addressed(update, reply, n)
    const hash = naming.update(message.bot, message.id)
    const sealed = keyring.seal(encodeOutbound(message), outboundContext(mail.conversation, hash))
    return { entry: newEntry(hash, sealed), content: message }
  }
}

/**
 * Replies that one update may have, and their bytes: they are stored in one script, and beyond that it is a
 * loop.
 */
const maxReplies = 100
const maxReplyBytes = 1024 * 1024

function withinBounds(replies: readonly Reply[]): readonly Reply[] {
  const bytes = replies.reduce((sum, { entry }) => sum + entry.length, 0)
  if (replies.length > maxReplies || bytes > maxReplyBytes)
    throw new TooManyRepliesError(replies.length, bytes)
  return replies
}

/** The gateway may have had it before anybody knew who the bot is. */
function isOwn({ kind, user }: InboundUpdate, identity: BotIdentity | undefined): boolean {
  return (kind === 'message' || kind === 'command') && user !== undefined && user === identity?.user
}
