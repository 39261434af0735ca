import { TaskQueueFullError } from '@botyard/bot-kit'
import { InvalidationPendingError, SessionsUnavailableError } from '@botyard/cache'
import { type Bot, BotDirectoryUnavailableError } from '@botyard/control-database'
import {
  CrashedError,
  type Disposition,
  HandlerTimeoutError,
  HoldLostError,
  HoldUnconfirmedError,
  type Mail,
  ShutdownError,
} from '@botyard/mailbox'
import { type BoxName, letterErrorContext, UnreadablePayloadError } from '@botyard/queue-contracts'
import { SendLimitsUnavailableError } from '@botyard/send-limits'
import { type Keyring, KeyringError } from '@botyard/service-kit'
import { RangeMovedError, ShardMapUnavailableError, ShardUnavailableError } from '@botyard/shard-routing'
import { ShardSchemaError, WrongShardError } from '@botyard/shard-routing/migrations'
import { BotGoneError, HandlerMissingError, OtherGroupError, ReplyLoopError } from '../errors.ts'
import { backOffMs } from './back-off.ts'
import { toDeadLetter } from './to-dead-letter.ts'

/** Tries of an update when its bot's settings say nothing. */
const defaultTries = 5

/** Crashes of a process that ran nothing suspect but this update before it counts as the cause. */
export const maxCrashesAlone = 1

/** How often a process that ends may name an update as the cause. */
export const maxBlamed = 2

const handBack = { do: 'back', afterMs: 2_000, parkAfterMs: 10 * 60_000 } as const

/**
 * Decides what an error means for the update or reply it happened to: tried again, handed back, parked or
 * given up. What the platform *answered* to a send is judged by `judgeSend`.
 */
export function judgeFailure(
  { keyring, box, bot }: { keyring: Pick<Keyring, 'seal'>; box: BoxName; bot: Bot | undefined },
  mail: Mail,
  error: unknown,
): Disposition {
  // Nothing of the bot failed: no try counts.
  if (error instanceof HoldLostError || error instanceof ShutdownError) return { do: 'release' }
  if (isAway(error)) return { do: 'retry', afterMs: 1_000, counts: false }
  // By then the mailbox has been told whose it is, see bot-orders.
  if (error instanceof OtherGroupError) return { do: 'retry', afterMs: 1_000, counts: false }
  if (isDataAway(error)) return { do: 'retry', afterMs: error.afterMs, counts: false }
  if (error instanceof TaskQueueFullError) return { do: 'retry', afterMs: error.afterMs, counts: false }

  // Its code may come with the next deployment, and then its mail is handled without anybody's doing.
  if (error instanceof HandlerMissingError) return { do: 'retry', afterMs: error.afterMs, counts: false }

  // Another worker may know better: newer payload, key not here yet; or
  // somebody has to: a shard that was away at the start, and is too old or another one.
  if (error instanceof UnreadablePayloadError) return handBack
  if (error instanceof KeyringError && error.code === 'KEY_UNKNOWN') return handBack
  if (error instanceof ShardSchemaError || error instanceof WrongShardError) return handBack

  // No repeat can help.
  if (error instanceof KeyringError) return toDeadLetter(box, mail, error.code)
  if (error instanceof BotGoneError) return toDeadLetter(box, mail, error.code)

  // A repeat would feed the loop.
  if (error instanceof ReplyLoopError) return { do: 'park', reason: error.code }

  const maxTries = bot?.settings.tries ?? defaultTries
  const last = error instanceof CrashedError || mail.tries + 1 >= maxTries
  if (!last) return { do: 'retry', afterMs: backOffMs(mail.tries), counts: true }
  const reason = reasonOf(error)
  return bot?.settings.poison === 'park' ? { do: 'park', reason } : toDeadLetter(box, mail, reason, sealError)

  function sealError(id: string): Buffer {
    return keyring.seal(Buffer.from(textOf(error)), letterErrorContext(id))
  }
}

/** More than any reader of an error wants, and little beside the update. */
const maxErrorCharacters = 8_192

function textOf(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return text.slice(0, maxErrorCharacters).toWellFormed()
}

/** Without what is asked before each, nothing can go on. */
function isAway(error: unknown): boolean {
  return [BotDirectoryUnavailableError, SendLimitsUnavailableError, HoldUnconfirmedError].some(
    kind => error instanceof kind,
  )
}

const away = [
  ShardUnavailableError,
  RangeMovedError,
  ShardMapUnavailableError,
  InvalidationPendingError,
  SessionsUnavailableError,
] as const

/**
 * Where the bot remembers things cannot be used now: the conversations that need it wait, everybody else's go
 * on.
 */
export function isDataAway(error: unknown): error is InstanceType<(typeof away)[number]> {
  return away.some(kind => error instanceof kind)
}

function reasonOf(error: unknown): string {
  if (error instanceof CrashedError || error instanceof HandlerTimeoutError) return error.code
  return 'WRK_HANDLER_FAILED'
}
