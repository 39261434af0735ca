import type { Invocation, Log, OpenDownload } from '@botyard/bot-kit'
import type { Bot } from '@botyard/control-database'
import type { Mail } from '@botyard/mailbox'
import type { PlatformAdapter } from '@botyard/platforms'
import type { InboundUpdate, Platform } from '@botyard/queue-contracts'
import type { Logger } from 'pino'
import type { OnceSteps } from '../data/once-store.ts'
import type { OpenData } from '../data/user-data.ts'
import { isDataAway } from '../failures/judge-failure.ts'
import type { TaskPool } from '../tasks/task-pool.ts'
import type { Acknowledge } from './acknowledge.ts'
import { isAwaited, type Respond } from './respond.ts'
import type { ShowTyping } from './show-typing.ts'

/** What bots can do, and who does it. */
export interface InvocationDeps {
  readonly acknowledge: Acknowledge
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly download: OpenDownload
  readonly once: OnceSteps
  readonly openData: OpenData
  readonly respond: Respond
  readonly showTyping: ShowTyping
  readonly tasks: Pick<TaskPool, 'of'>
  readonly logger: Logger
}

/** An update in hand. */
export interface UpdateInHand {
  readonly bot: Bot
  readonly mail: Mail
  readonly update: InboundUpdate
  /** The platform's bytes. */
  readonly raw: Buffer
  readonly signal: AbortSignal
  /** What its log lines carry. */
  readonly ids: object
}

/** One run of a bot, and whether its handler has answered the platform's call. */
export interface StartedInvocation {
  readonly invocation: Invocation
  readonly hasResponded: () => boolean
}

/** Puts together what a bot's context is made of. */
export function createInvocation(inHand: UpdateInHand, deps: InvocationDeps): StartedInvocation {
  const { bot, mail, update, raw, signal, ids } = inHand
  let responded = false
  const invocation: Invocation = {
    ...{ update, raw, signal },
    attempt: mail.tries + 1,
    limits: deps.adapters[update.platform],
    once: deps.once.of(mail),
    runTask: deps.tasks.of(bot.id),
    download: deps.download,
    openData: () => deps.openData({ bot, update, hash: mail.hash, signal }),
    isTooEarly: isDataAway,
    log: logWith(deps.logger, ids),
    typing: () => deps.showTyping(bot, update, signal),
    isAwaited: () => isAwaited(update),
    respond(json) {
      responded = deps.respond(update, mail.hash, json)
      if (responded) deps.acknowledge.responded(mail)
    },
  }
  return { invocation, hasResponded: () => responded }
}

/** Not a child logger: making one costs more than most handlers. */
function logWith(logger: Logger, ids: object): Log {
  return {
    info: (fields, message) => logger.info({ ...fields, ...ids }, message),
    warn: (fields, message) => logger.warn({ ...fields, ...ids }, message),
    error: (fields, message) => logger.error({ ...fields, ...ids }, message),
  }
}
