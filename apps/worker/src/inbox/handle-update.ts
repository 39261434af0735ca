import { type BotDefinition, runBot } from '@botyard/bot-kit'
import type { Bot, BotDirectory } from '@botyard/control-database'
import { CrashedError, type Disposition, type Mail } from '@botyard/mailbox'
import { type BotIdentity, botOf, type InboundUpdate, noGroup } from '@botyard/queue-contracts'
import { describeWithoutText } from '@botyard/service-kit'
import type { Tracing } from '@botyard/service-kit/tracing'
import { BotGoneError, HandlerMissingError, OtherGroupError, ReplyLoopError } from '../errors.ts'
import { maxBlamed, maxCrashesAlone } from '../failures/judge-failure.ts'
import type { Handlers } from '../handlers/load-bots.ts'
import type { MissingHandlers } from '../handlers/missing-handlers.ts'
import { runInNameOf } from '../isolation/running-code.ts'
import type { WorkerMetrics } from '../metrics.ts'
import type { Identities } from '../outbox/identities.ts'
import { createInvocation, type InvocationDeps } from './create-invocation.ts'
import { openInbound } from './open-inbound.ts'
import { isOfPredecessor } from './predecessor.ts'
import type { ReplyLoops } from './reply-loops.ts'
import { type SealRepliesDeps, sealReplies } from './seal-replies.ts'
import { traceRun } from './trace-run.ts'
import { nameOf } from './update-name.ts'

/** What handling needs. */
export interface HandleUpdateDeps extends InvocationDeps, SealRepliesDeps {
  readonly bots: Pick<BotDirectory, 'lookup'>
  /** The groups of bots that this worker runs. */
  readonly groups: readonly string[]
  readonly handlers: Handlers
  readonly identities: Pick<Identities, 'of'>
  readonly loops: ReplyLoops
  readonly missingHandlers: Pick<MissingHandlers, 'met'>
  readonly metrics: WorkerMetrics
  readonly tracing?: Tracing | undefined
}

/**
 * The worker's main path: open, decode, run the bot's code, and answer with its replies, sealed for the
 * outbox: they come to exist in the script that settles the update, or not at all. Throws what went wrong;
 * `judgeFailure` says what it means.
 */
export function createHandleUpdate(
  deps: HandleUpdateDeps,
): (mail: Mail, signal: AbortSignal) => Promise<Disposition> {
  const { acknowledge, adapters, bots, groups, handlers, identities, keyring } = deps
  const { loops, missingHandlers, respond, metrics, logger, tracing } = deps

  return async function handleUpdate(mail, signal) {
    const bot = await botOfMail(mail)
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
    const ids = { bot: bot.id, update: nameOf(mail), conversation: mail.conversation }
    const line = { ...ids, kind: update.kind, attempt: mail.tries + 1, ageMs }
    const { invocation, hasResponded } = createInvocation({ bot, mail, update, raw, signal, ids }, deps)
    try {
      const code = { ...ids, handler: bot.handler, fail: mail.fail }
      const run = () => runInNameOf(code, () => runBot(definition, invocation))
      const { replies } = await traceRun(tracing, update, { ...ids, kind: update.kind }, run)
      const isLoop =
        replies.length > 0 && loops.isOneTooMany(mail.conversation, update, bot.settings.loopLimit)
      if (isLoop) throw new ReplyLoopError()
      const ms = performance.now() - startedAt
      metrics.ran(platform, ms)
      logger.info({ ...line, outcome: 'ok', replies: replies.length, ms: Math.round(ms) }, 'update handled')
      const first = acknowledge.handled(mail, update, replies)
      const joined = adapters[platform].join?.(replies) ?? replies
      const said = first === undefined ? joined : [first, ...joined]
      const sealed = sealReplies(mail, update, said, deps)
      // No answer comes any more: the caller that waits for one gets the fallback now. After a failed try it
      // goes on waiting, as the next one may answer in time; so it does when this try does not count.
      if (!hasResponded() && !signal.aborted) respond(update, mail.hash, undefined)
      return { do: 'ack', replies: sealed }
    } catch (err) {
      const ms = performance.now() - startedAt
      metrics.ran(platform, ms)
      const error = describeWithoutText(err)
      logger.warn({ ...line, outcome: 'failed', error, ms: Math.round(ms) }, 'update failed')
      // After an abort its reason decides, whatever the handler and its libraries made of it: a shutdown is
      // no failed try.
      throw signal.aborted ? signal.reason : err
    }
  }

  /** The bot that the mail is for, if this worker may run it. */
  async function botOfMail({ conversation, crashesAlone, blamed }: Mail): Promise<Bot> {
    if (crashesAlone >= maxCrashesAlone || blamed >= maxBlamed) throw new CrashedError()
    const bot = await bots.lookup(botOf(conversation))
    if (bot === undefined) throw new BotGoneError(botOf(conversation))
    // Redis may have lost the bot's group, or not heard of it yet.
    const group = bot.settings.group ?? noGroup
    if (!groups.includes(group)) throw new OtherGroupError(bot.id, group)
    return bot
  }

  function definitionOf(bot: Bot): BotDefinition {
    const definition = handlers.get(bot.handler)
    if (definition === undefined) {
      throw new HandlerMissingError(bot.id, bot.handler, missingHandlers.met(bot.id, bot.handler))
    }
    return definition
  }
}

/** The gateway may have had it before anybody knew who the bot is. */
function isOwn({ kind, user }: InboundUpdate, identity: BotIdentity | undefined): boolean {
  return (kind === 'message' || kind === 'command') && user !== undefined && user === identity?.user
}
